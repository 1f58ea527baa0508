import { A, useSearchParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { BASES, type Filter } from '../choice/choice.ts'
import { type ChoiceControl, useChoice } from '../choice/use-choice.ts'
import { FilterChips } from '../components/filter-chips.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { NoTeam, PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { useTeams } from '../teams.ts'
import { isWithoutTeam, type User, useUser } from '../user.ts'
import { Findings } from './utilization/findings.tsx'
import { HoursPanel } from './utilization/hours-panel.tsx'
import { PoolsPanel } from './utilization/pools-panel.tsx'
import { useUtilization, useWaste, WORTH_OF, type WorthOf } from './utilization/queries.ts'
import { UseCards } from './utilization/use-cards.tsx'
import { WorthPanel } from './utilization/worth-panel.tsx'

/** What of the GPU time that was paid for was held and busy, and what the money was worth. */
export default function UtilizationPage() {
  const user = useUser()
  return (
    <Show when={user()}>
      {(known) => (
        <Show when={!isWithoutTeam(known())} fallback={<Nobodys />}>
          <Use user={known()} />
        </Show>
      )}
    </Show>
  )
}

function Nobodys() {
  return (
    <div class="page">
      <PageHeading title="Utilisation" />
      <NoTeam>GPU time is shown to the teams that held it.</NoTeam>
    </div>
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
  const worthOf = (): WorthOf => (Object.hasOwn(WORTH_OF, params.worth ?? '') ? (params.worth as WorthOf) : 'none')
  const use = useUtilization(choice)
  const waste = useWaste(choice, worthOf)
  // A part of the owners has held time alone: capacity and measurement are of whole pools.
  const isWhole = () =>
    props.user.seesWholeCompany &&
    choice.choice().filters.every(({ name }) => name === 'provider' || name === 'gpu_type')
  return (
    <>
      <UseCards use={use} waste={waste} isWhole={isWhole()} />
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
      />
      <Show when={!waste.isPending && waste.data}>
        {(data) => <Findings waste={data()} use={use.isPending ? undefined : use.data} user={props.user} />}
      </Show>
      <PoolsPanel
        query={use}
        isWhole={isWhole()}
        onPick={(gpuType) => choice.addFilter({ name: 'gpu_type', value: gpuType })}
      />
      <p class="note">
        <A href={`/?${choice.queryString()}`}>Back to what was spent on these days</A>
      </p>
    </>
  )
}

function hasTeam(choice: ChoiceControl): boolean {
  return choice.choice().filters.some(({ name }) => name === 'team_id')
}
