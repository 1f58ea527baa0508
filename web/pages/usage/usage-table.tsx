import { Index, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { RowButtons } from '../../components/row-buttons.tsx'
import { formatHours } from '../../format/count.ts'
import { formatFullDay } from '../../format/day.ts'

export type UsageRow = Answers['usage']['list']['usage'][number]

/** What each pool was measured to have done, the newest day first; whoever may change it finds the buttons at the end. */
export function UsageTable(props: {
  rows: readonly UsageRow[]
  mayEdit: boolean
  onOpen: (dialog: 'edit' | 'remove', id: UsageRow['id']) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Measured usage">
      <table class="entries is-cards">
        <caption class="visually-hidden">Measured usage, the newest day first</caption>
        <thead>
          <tr>
            <th scope="col">Pool</th>
            <th scope="col">Day</th>
            <th scope="col">Known from</th>
            <th scope="col" class="number">
              GPU-hours
            </th>
            <Show when={props.mayEdit}>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.rows}>
            {(row) => (
              <tr>
                <th scope="row">
                  {row().provider} {row().gpuType || 'without GPUs'}
                </th>
                <td data-label="Day" class="nowrap">
                  {formatFullDay(row().date)}
                </td>
                <td data-label="Known from">{row().source === 'jobs' ? 'jobs, not measured' : 'measured'}</td>
                <td data-label="GPU-hours" class="number">
                  {formatHours(row().gpuHours)}
                </td>
                <Show when={props.mayEdit}>
                  <RowButtons of={nameOf(row())} onOpen={(dialog) => props.onOpen(dialog, row().id)} />
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}

/** "aws h100 on 2026-01-13"; a pool has one row a day. */
export function nameOf({ date, provider, gpuType }: Pick<UsageRow, 'date' | 'provider' | 'gpuType'>): string {
  return `${provider} ${gpuType || 'without GPUs'} on ${formatFullDay(date)}`
}
