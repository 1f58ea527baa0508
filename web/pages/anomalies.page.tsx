import { A, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createMemo, For, Show } from 'solid-js'
import { type Answers, api } from '../api.ts'
import { type Filter, TEAM_BASES } from '../choice/choice.ts'
import { readSkip } from '../choice/skip.ts'
import { useChoice } from '../choice/use-choice.ts'
import { ChoiceSelect } from '../components/choice-select.tsx'
import { DownloadButton } from '../components/download-button.tsx'
import { FilterChips } from '../components/filter-chips.tsx'
import { HowComputed } from '../components/how-computed.tsx'
import { InTeam } from '../components/in-team.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { formatCountOf } from '../format/count.ts'
import { formatLongDay } from '../format/day.ts'
import { fileNameOf } from '../format/file-name.ts'
import { formatUsd } from '../format/usd.ts'
import { useTeams } from '../teams.ts'
import type { User } from '../user.ts'
import { AnomalyCard } from './anomalies/anomaly-card.tsx'
import { DIMENSIONS, DIRECTIONS, oneOf, SENSITIVITIES, VERDICTS } from './anomalies/words.ts'

const LIMIT = 20

type Found = Answers['analytics']['anomalies']

/** Days that cost more or less than expected: what, by how much, why, and what people say of it. */
export default function AnomaliesPage() {
  return (
    <InTeam title="Anomalies" why="Days that stand out are shown to the teams that they are of.">
      {(user) => <AnomaliesOf user={user()} />}
    </InTeam>
  )
}

function AnomaliesOf(props: { user: User }) {
  const choice = useChoice(() => TEAM_BASES)
  const [params, setParams] =
    useSearchParams<Record<'dimension' | 'direction' | 'verdict' | 'sensitivity' | 'skip', string>>()
  const isPartial = () => !props.user.seesWholeCompany
  const dimensions = () => (isPartial() ? DIMENSIONS.filter(({ value }) => value !== 'account') : DIMENSIONS)
  const chosen = createMemo(() => ({
    dimension: oneOf(dimensions(), params.dimension, 'team'),
    direction: oneOf(DIRECTIONS, params.direction, 'both'),
    verdict: oneOf(VERDICTS, params.verdict, 'any'),
    sensitivity: oneOf(SENSITIVITIES, params.sensitivity, ''),
  }))
  const skip = () => readSkip(params.skip)
  const pick = (name: string, fallback: string) => (value: string) =>
    setParams({ [name]: value === fallback ? null : value, skip: null })
  const question = createMemo(() => {
    const { sensitivity, ...others } = chosen()
    return {
      ...choice.question(),
      ...others,
      ...(sensitivity === '' ? {} : { sensitivity }),
      skip: skip(),
      limit: LIMIT,
    }
  })
  const query = useQuery(() => ({
    queryKey: ['analytics.anomalies', question()],
    queryFn: () => api.analytics.anomalies.query(question()),
  }))
  const { teams } = useTeams(() => !isPartial() && choice.choice().filters.some(({ name }) => name === 'team_id'))
  const labelOf = ({ name, value }: Filter) => {
    if (name !== 'team_id') return value
    const known = isPartial() ? props.user.teams : teams()
    return known ? (known.find(({ id }) => id === value)?.name ?? 'another team') : '…'
  }
  const csvPath = () => {
    const { dimension, direction, verdict, sensitivity } = chosen()
    const more = { dimension, direction, verdict, limit: '50', ...(sensitivity ? { sensitivity } : {}) }
    return `/api/v1/analytics/anomalies?${choice.queryString()}&${new URLSearchParams(more)}`
  }
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Anomalies" />
          <p class="note">
            Days that cost more or less than their weekday usually does, with the reason as far as it is known.
          </p>
        </div>
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
          />
        </div>
      </div>
      <PartialNote user={props.user} />
      <div class="anomaly-filters no-print">
        <ChoiceSelect
          label="Of"
          choices={dimensions()}
          chosen={chosen().dimension}
          onPick={pick('dimension', 'team')}
        />
        <ChoiceSelect
          label="Direction"
          choices={DIRECTIONS}
          chosen={chosen().direction}
          onPick={pick('direction', 'both')}
        />
        <ChoiceSelect label="Said of it" choices={VERDICTS} chosen={chosen().verdict} onPick={pick('verdict', 'any')} />
        <ChoiceSelect
          label="Sensitivity"
          choices={SENSITIVITIES}
          chosen={chosen().sensitivity}
          onPick={pick('sensitivity', '')}
        />
      </div>
      <FilterChips
        filters={choice.choice().filters}
        labelOf={labelOf}
        onRemove={choice.removeFilter}
        onClear={() => choice.change({ filters: [] })}
      />
      <Panel
        title="What stood out"
        query={query}
        minHeight={420}
        isEmpty={({ anomalies }) => anomalies.length === 0}
        empty={<Nothing answer={query.isPending ? undefined : query.data} />}
        actions={
          <DownloadButton
            path={csvPath()}
            fileName={fileNameOf('anomalies', [], choice.days())}
            label="Download anomalies as CSV"
          />
        }
      >
        {(data) => (
          <>
            <Watched answer={data()} />
            <ol class="anomalies">
              <For each={data().anomalies}>
                {(one) => (
                  <li>
                    <AnomalyCard anomaly={one} mayDecide={props.user.role !== 'viewer'} />
                  </li>
                )}
              </For>
            </ol>
            <Pager of="anomalies" page={data()} onSkip={(next) => setParams({ skip: next === 0 ? null : `${next}` })} />
          </>
        )}
      </Panel>
    </div>
  )
}

function Watched(props: { answer: Found }) {
  return (
    <p class="note anomaly-watched">
      {watchedWords(props.answer)}{' '}
      <HowComputed
        figure="what stands out"
        formula={props.answer.how}
        facts={[
          ['Least impact', formatUsd(props.answer.minImpactUsd)],
          ['Sensitivity', props.answer.sensitivity],
          ['Judged up to', props.answer.lastDay === null ? 'nothing' : formatLongDay(props.answer.lastDay)],
        ]}
      />
    </p>
  )
}

function watchedWords({ watchedCount, learningCount, tooLittleCount, firstDay, lastDay }: Found): string {
  if (firstDay === null || lastDay === null) return 'Nothing is watched yet.'
  const few = learningCount + tooLittleCount
  return `${formatCountOf(watchedCount, 'series', 'series')} watched since ${formatLongDay(firstDay)}, up to ${formatLongDay(lastDay)}.${
    few > 0 ? ` ${formatCountOf(few, 'more has', 'more have')} less than 15 days and is not judged yet.` : ''
  }`
}

/** What is watched, since when, and what to do if that is nothing. */
function Nothing(props: { answer: Found | undefined }) {
  return (
    <Show when={props.answer}>
      {(answer) => (
        <Show
          when={answer().watchedCount > 0}
          fallback={
            <>
              <p>There is not enough history to say what is usual: 14 days with a bill are needed.</p>
              <Watched answer={answer()} />
              <p>
                <A href="/imports">Import bills</A> of more days, or choose another of “Of”.
              </p>
            </>
          }
        >
          <p>Nothing stood out on these days.</p>
          <Watched answer={answer()} />
        </Show>
      )}
    </Show>
  )
}
