import { A, useSearchParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { dayOf, type EpochMs } from '../../db/units/time.ts'
import { BASES, type Filter, questionOf, readChoice } from '../choice/choice.ts'
import { addressOf, explainFigure, jobsOf, lostJobsOf } from '../choice/doors.ts'
import { type ChoiceControl, useChoice } from '../choice/use-choice.ts'
import { useAnchor } from '../components/anchor.ts'
import { FilterChips } from '../components/filter-chips.tsx'
import { InTeam } from '../components/in-team.tsx'
import { LastFigures } from '../components/not-up-to-date.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import type { FirstQueries } from '../page.tsx'
import { useTeams } from '../teams.ts'
import type { User } from '../user.ts'
import { Findings } from './utilization/findings.tsx'
import { HoursPanel } from './utilization/hours-panel.tsx'
import { PoolsPanel } from './utilization/pools-panel.tsx'
import {
  useUtilization,
  useWaste,
  utilizationOf,
  type WasteRow,
  WORTH_OF,
  type WorthOf,
  wasteOf,
} from './utilization/queries.ts'
import { UseCards } from './utilization/use-cards.tsx'
import { WorthPanel } from './utilization/worth-panel.tsx'

export const firstQueries: FirstQueries = ({ query }) => {
  const choice = readChoice(query, BASES)
  const question = questionOf({ ...choice, zone: 'UTC' }, dayOf(Date.now() as EpochMs))
  return [utilizationOf(question), wasteOf(question, worthIn(query.worth))]
}

/** What of the GPU time that was paid for was held and busy, and what the money was worth. */
export default function UtilizationPage() {
  return (
    <InTeam title="Utilisation" why="GPU time is shown to the teams that held it.">
      {(user) => <Use user={user()} />}
    </InTeam>
  )
}

function Use(props: { user: User }) {
  const choice = useChoice(() => BASES)
  const { teams } = useTeams(() => props.user.seesWholeCompany && hasTeam(choice))
  const labelOf = ({ name, value }: Filter) => {
    if (name !== 'team_id') return value
    const known = props.user.seesWholeCompany ? teams() : props.user.teams
    return known ? (known.find(({ id }) => id === value)?.name ?? 'another team') : '…'
  }
  return (
    <div class="page">
      <div class="page-head">
        <PageHeading title="Utilisation" />
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
          />
        </div>
      </div>
      <PartialNote user={props.user}>What was bought and measured is the company’s, and is not shown.</PartialNote>
      <FilterChips
        filters={choice.choice().filters}
        labelOf={labelOf}
        onRemove={choice.removeFilter}
        onClear={() => choice.change({ filters: [] })}
      />
      <Figures user={props.user} choice={choice} />
    </div>
  )
}

function Figures(props: { user: User; choice: ChoiceControl }) {
  const { choice } = props
  const [params, setParams] = useSearchParams<{ worth?: string; gpu?: string }>()
  const worthOf = () => worthIn(params.worth)
  const use = useUtilization(choice)
  const waste = useWaste(choice, worthOf)
  useAnchor(() => !use.isPending && !waste.isPending)
  // A part of the owners has held time alone: capacity and measurement are of whole pools.
  const isWhole = () =>
    props.user.seesWholeCompany &&
    choice.choice().filters.every(({ name }) => name === 'provider' || name === 'gpu_type')
  /** The worth of a cost is told of allocation, whatever the address says. */
  const explain = (kind: WasteRow['kind'], filters: Filter[]) =>
    explainFigure({ ...choice.choice(), basis: 'allocation' }, choice.choice().range, kind, filters)
  const filtersOf = ({ teamId, provider, gpuType, kind }: WasteRow): Filter[] => [
    ...(kind === 'owner' && teamId ? [{ name: 'team_id', value: teamId } as const] : []),
    ...(provider === null ? [] : [{ name: 'provider', value: provider } as const]),
    ...(gpuType === null ? [] : [{ name: 'gpu_type', value: gpuType } as const]),
  ]
  return (
    <>
      <LastFigures queries={[use, waste]} />
      <UseCards use={use} waste={waste} isWhole={isWhole()} choice={choice} />
      <HoursPanel
        choice={choice}
        query={use}
        isWhole={isWhole()}
        gpu={params.gpu ?? ''}
        csvPath={`/api/v1/analytics/utilization?${choice.queryString()}`}
        onGpu={(gpu) => setParams({ gpu: gpu === '' ? null : gpu })}
      />
      <WorthPanel
        choice={choice}
        query={waste}
        of={worthOf()}
        csvPath={`/api/v1/analytics/waste?${choice.queryString()}&group_by=${worthOf()}`}
        onOf={(of) => setParams({ worth: of === 'none' ? null : of })}
        explain={(row) => (row ? explain(row.kind, filtersOf(row)) : explain('total', []))}
        lostJobs={lostJobsOf(choice.choice().range, choice.choice().filters)}
      />
      <Show when={!waste.isPending && waste.data}>
        {(data) => <Findings waste={data()} use={use.isPending ? undefined : use.data} user={props.user} />}
      </Show>
      <PoolsPanel
        query={use}
        isWhole={isWhole()}
        onPick={(gpuType) => choice.addFilter({ name: 'gpu_type', value: gpuType })}
        jobs={({ provider, gpuType }) =>
          jobsOf(choice.choice().range, [
            ...choice.choice().filters.filter(({ name }) => name !== 'provider' && name !== 'gpu_type'),
            { name: 'provider', value: provider },
            { name: 'gpu_type', value: gpuType },
          ])
        }
      />
      <p class="note">
        <A href={addressOf('/', choice.choice())}>Back to what was spent on these days</A>
      </p>
    </>
  )
}

function worthIn(text: unknown): WorthOf {
  return typeof text === 'string' && Object.hasOwn(WORTH_OF, text) ? (text as WorthOf) : 'none'
}

function hasTeam(choice: ChoiceControl): boolean {
  return choice.choice().filters.some(({ name }) => name === 'team_id')
}
