import { Show } from 'solid-js'
import { addExact, exactText, readUsd, type UsdText, ZERO_EXACT } from '../../../db/units/money.ts'
import { StatCard } from '../../components/stat-card.tsx'
import { formatShare } from '../../format/change.ts'
import { formatCountOf, formatHours } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'
import type { ModelRow, Models } from './model-queries.ts'

/** What stands out: the dearest model, the dearest hour, and what failed work cost altogether. */
export function ModelCards(props: {
  answer: Models | undefined
  hasFailed: boolean
  carriesIdle: boolean
  /** Where a model is shown alone, its jobs, and the jobs whose work came to nothing. */
  hrefs: { explore: (row: ModelRow) => string; jobs: (row: ModelRow) => string; lost: string }
}) {
  const models = () => props.answer?.rows.filter(({ kind, name }) => kind === 'owner' && name !== '') ?? []
  const top = (figure: (row: ModelRow) => UsdText | null) =>
    models().reduce<ModelRow | undefined>(
      (best, row) => (Number(figure(row) ?? -1) > Number((best && figure(best)) ?? 0) ? row : best),
      undefined,
    )
  const dearest = () => top((row) => row.totalCostUsd)
  const dearestJob = () => top((row) => row.costPerJobUsd)
  const dearestHour = () => top((row) => row.costPerGpuHourUsd)
  const lost = () =>
    exactText(
      (props.answer?.rows ?? [])
        .map(({ lostCostUsd }) => readUsd(lostCostUsd ?? '0') ?? ZERO_EXACT)
        .reduce(addExact, ZERO_EXACT),
    )
  const nameOf = (row: ModelRow | undefined) => {
    if (props.hasFailed) return '—'
    return props.answer === undefined ? undefined : (row?.name ?? '–')
  }
  return (
    <dl class="cards model-cards">
      <StatCard
        title="Dearest model"
        value={nameOf(dearest())}
        href={dearest() && props.hrefs.explore(dearest()!)}
        door="who it was for"
      >
        <Show when={dearest()}>
          {(row) => (
            <>
              {formatUsd(row().totalCostUsd)}, {formatShare(row().totalCostUsd, props.answer!.totalCostUsd)} of the
              total
            </>
          )}
        </Show>
      </StatCard>
      <StatCard
        title="Dearest per job"
        value={nameOf(dearestJob())}
        href={dearestJob() && props.hrefs.jobs(dearestJob()!)}
        door="its jobs"
      >
        <Show when={dearestJob()}>
          {(row) => (
            <>
              {formatUsd(row().costPerJobUsd)} a job, {formatCountOf(row().jobCount, 'job')}
            </>
          )}
        </Show>
      </StatCard>
      <StatCard
        title="Dearest per GPU-hour"
        value={nameOf(dearestHour())}
        href={dearestHour() && props.hrefs.jobs(dearestHour()!)}
        door="its jobs"
      >
        <Show when={dearestHour()}>
          {(row) => (
            <>
              {formatUsd(row().costPerGpuHourUsd)} an hour, {formatHours(row().costedGpuHours)} hours
            </>
          )}
        </Show>
      </StatCard>
      <StatCard
        title={props.carriesIdle ? 'Failed work with its idle' : 'Failed work'}
        hint="What failed and cancelled jobs cost. By allocation with the idle hours that they carry: the overview and Utilisation count the hours held alone."
        value={props.hasFailed ? '—' : props.answer && formatUsd(lost())}
        href={props.answer && props.hrefs.lost}
        door="the jobs"
      >
        <Show when={props.answer}>{(answer) => <>{formatShare(lost(), answer().totalCostUsd)} of the total</>}</Show>
      </StatCard>
    </dl>
  )
}
