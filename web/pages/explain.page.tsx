import { useSearchParams } from '@solidjs/router'
import { Match, Show, Switch } from 'solid-js'
import type { Day } from '../../db/units/time.ts'
import { BASES, FILTERS, type Filter, TEAM_BASES } from '../choice/choice.ts'
import { addressOf } from '../choice/doors.ts'
import { COST_WORDS, type CostQuestion, explainAddress, readExplained } from '../choice/explain-address.ts'
import { readSkip } from '../choice/skip.ts'
import { useChoice } from '../choice/use-choice.ts'
import { ExactUsd } from '../components/exact-usd.tsx'
import { FailureNote } from '../components/failure-note.tsx'
import { InTeam } from '../components/in-team.tsx'
import { NotUpToDate } from '../components/not-up-to-date.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { formatDays, formatFullDay } from '../format/day.ts'
import { rowMeaning, rowName } from '../format/row-name.ts'
import { useTeams } from '../teams.ts'
import type { User } from '../user.ts'
import { JobDaysPanel } from './explain/job-days-panel.tsx'
import { JobsPanel } from './explain/jobs-panel.tsx'
import { LinesPanel } from './explain/lines-panel.tsx'
import { PoolDaysPanel, poolName, useExplanation } from './explain/pool-days-panel.tsx'
import { type Step, Steps } from './explain/steps.tsx'

/** From a figure to its pool-days, its jobs and the bill lines behind them; the address holds every step. */
export default function ExplainPage() {
  return (
    <InTeam title="How a figure is made" why="Costs are shown to the teams that they are of.">
      {(user) => <Explain user={user()} />}
    </InTeam>
  )
}

type Params = Record<'kind' | 'day' | 'pool_provider' | 'pool_gpu_type' | 'job' | 'skip' | 'lines_skip', string>

function Explain(props: { user: User }) {
  const choice = useChoice(() => (props.user.seesWholeCompany ? BASES : TEAM_BASES))
  const [params, setParams] = useSearchParams<Partial<Params>>()
  const explained = () => readExplained(params)
  // Exposure is no sum of parts: what it would show is explained by allocation.
  const basis = () => (choice.choice().basis === 'usage' ? 'usage' : 'allocation')
  const asked = (): CostQuestion => ({ ...choice.question(), basis: basis(), cost: explained().cost })
  const question = (): CostQuestion => {
    const { at } = explained()
    return at
      ? ({ ...asked(), start: at.day, end: at.day, provider: [at.provider], gpuType: [at.gpuType] } as CostQuestion)
      : asked()
  }
  const figure = useExplanation(
    question,
    () => explained().kind,
    () => (explained().at ? 0 : readSkip(params.skip)),
  )
  const to = (more: Partial<ReturnType<typeof readExplained>>) =>
    explainAddress({ ...choice.choice(), basis: basis() }, choice.choice().range, {
      kind: explained().kind,
      cost: explained().cost,
      ...more,
    })
  const isLeftOver = () => ['idle', 'unmeasured', 'unallocated', 'assigned'].includes(explained().kind)
  const steps = (): Step[] => {
    const { at, jobId } = explained()
    const isDeep = at !== null || jobId !== null
    return [
      explained().cost === 'effective'
        ? { words: 'Overview', href: addressOf('/', { ...choice.choice(), basis: basis() }) }
        : {
            words: 'Explore',
            href: addressOf('/explore', { ...choice.choice(), basis: basis() }, { cost: explained().cost }),
          },
      { words: 'Figure', href: isDeep ? to({}) : null },
      ...(at ? [{ words: `${formatFullDay(at.day as Day)}, ${poolName(at)}`, href: jobId ? to({ at }) : null }] : []),
      ...(jobId ? [{ words: 'Job', href: null }] : []),
    ]
  }
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <Steps steps={steps()} />
          <PageHeading title="How a figure is made" />
        </div>
      </div>
      <PartialNote user={props.user}>What the rest of the company paid or held is left out.</PartialNote>
      <Switch>
        <Match when={explained().jobId}>
          {(jobId) => (
            <JobDaysPanel
              isElsewhere
              jobId={jobId()}
              basis={basis()}
              cost={explained().cost}
              skip={readSkip(params.skip)}
              onSkip={(skip) => setParams({ skip: skip || null })}
            />
          )}
        </Match>
        <Match when={true}>
          <Figure
            user={props.user}
            query={figure}
            filters={choice.choice().filters}
            kind={explained().kind}
            question={question()}
          />
          <Show when={explained().at === null}>
            <PoolDaysPanel
              query={figure}
              addressOf={(at) => to({ at })}
              onSkip={(skip) => setParams({ skip: skip || null })}
            />
          </Show>
          <Show when={!isLeftOver() || explained().at !== null}>
            <JobsPanel
              title={explained().at ? 'Jobs of the pool-day' : 'Jobs'}
              question={question()}
              addressOf={(jobId) => to({ at: explained().at, jobId })}
            />
          </Show>
          <Show when={explained().at !== null && props.user.seesWholeCompany}>
            <LinesPanel
              question={question()}
              skip={readSkip(params.lines_skip)}
              onSkip={(skip) => setParams({ lines_skip: skip || null })}
            />
          </Show>
        </Match>
      </Switch>
    </div>
  )
}

/** The figure itself: what it is of, its amount, and on one pool-day how it was made. */
function Figure(props: {
  user: User
  query: ReturnType<typeof useExplanation>
  filters: readonly Filter[]
  kind: ReturnType<typeof readExplained>['kind']
  question: CostQuestion
}) {
  const { teams } = useTeams(() => props.user.seesWholeCompany && props.filters.some(({ name }) => name === 'team_id'))
  const labelOf = ({ name, value }: Filter) => {
    if (name !== 'team_id') return value
    const known = props.user.seesWholeCompany ? teams() : props.user.teams
    return known ? (known.find(({ id }) => id === value)?.name ?? value) : '…'
  }
  const what = () => {
    const words = props.filters.map((filter) => `${FILTERS[filter.name]}: ${labelOf(filter)}`)
    return (
      [
        ...(props.kind === 'owner' ? ['What owners were charged'] : []),
        ...(props.kind === 'total' || props.kind === 'owner' ? [] : [rowName({ name: '', kind: props.kind })]),
        ...words,
      ].join(' · ') || (props.user.seesWholeCompany ? 'All costs' : 'All costs of your teams')
    )
  }
  const data = () => (props.query.isPending ? undefined : props.query.data)
  const days = () => {
    const { start, end } = props.question
    return start === end ? formatFullDay(start) : formatDays(start, end)
  }
  return (
    <section class="panel explain-figure" aria-label="The figure" aria-busy={props.query.isFetching}>
      <p class="explain-what">
        {what()}
        <span class="note">
          {days()}, by {props.question.basis}, {COST_WORDS[props.question.cost]}
        </span>
      </p>
      <p class="explain-amount">
        <Show when={data()} fallback={<span class="muted">{props.query.isError ? 'not known' : '…'}</span>}>
          {(known) => <ExactUsd amount={known().figureCostUsd} />}
        </Show>
      </p>
      <NotUpToDate query={props.query} />
      <Show when={props.query.isLoadingError}>
        <FailureNote title="Could not load this" error={props.query.error} onRetry={() => props.query.refetch()} />
      </Show>
      <Show when={rowMeaning(props.kind) && props.kind !== 'total'}>
        <p class="note">{rowMeaning(props.kind)}</p>
      </Show>
      <Show when={props.question.start === props.question.end && data()?.poolDays.length === 1 && data()?.poolDays[0]}>
        {(day) => <p class="explain-formula">{day().formula}</p>}
      </Show>
    </section>
  )
}
