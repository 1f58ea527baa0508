import { A, useSearchParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { BASES, type Filter, TEAM_BASES } from '../choice/choice.ts'
import { lostJobsOf, addressOf as toPage } from '../choice/doors.ts'
import { explainRow } from '../choice/explain-address.ts'
import { type ChoiceControl, useChoice } from '../choice/use-choice.ts'
import { BasisSwitch } from '../components/basis-switch.tsx'
import { DownloadButton } from '../components/download-button.tsx'
import { FilterChips } from '../components/filter-chips.tsx'
import { InTeam } from '../components/in-team.tsx'
import { LastFigures } from '../components/not-up-to-date.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { fileNameOf } from '../format/file-name.ts'
import { useTeams } from '../teams.ts'
import type { User } from '../user.ts'
import { MeteredOnly } from './models/metered-only.tsx'
import { ModelCards } from './models/model-cards.tsx'
import { type ModelRow, useModels } from './models/model-queries.ts'
import { ModelsTable } from './models/models-table.tsx'
import { type Order, readOrder } from './models/order.ts'

/** Exposure counts a dollar several times, and a unit price of it would mean nothing. */
const COMPANY_BASES = { allocation: BASES.allocation, usage: BASES.usage } as const

/** What models cost, and what one job, GPU-hour and million tokens of each costs. */
export default function ModelsPage() {
  return (
    <InTeam title="Models" why="What models cost is shown to the teams that ran them.">
      {(user) => <Models user={user()} />}
    </InTeam>
  )
}

function Models(props: { user: User }) {
  const bases = () => (props.user.seesWholeCompany ? COMPANY_BASES : TEAM_BASES)
  const choice = useChoice(bases)
  const { teams } = useTeams(
    () => props.user.seesWholeCompany && choice.choice().filters.some(({ name }) => name === 'team_id'),
  )
  const labelOf = ({ name, value }: Filter) => {
    if (name !== 'team_id') return value
    const known = props.user.seesWholeCompany ? teams() : props.user.teams
    return known ? (known.find(({ id }) => id === value)?.name ?? 'another team') : '…'
  }
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Models" />
          <p class="note">What one job, one GPU-hour and a million tokens of each model cost.</p>
        </div>
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
          />
          <BasisSwitch bases={bases()} basis={choice.choice().basis} onPick={(basis) => choice.change({ basis })} />
        </div>
      </div>
      <PartialNote user={props.user}>Totals leave out the rest of the company.</PartialNote>
      <FilterChips
        filters={choice.choice().filters}
        labelOf={labelOf}
        onRemove={choice.removeFilter}
        onClear={() => choice.change({ filters: [] })}
      />
      <Figures choice={choice} />
    </div>
  )
}

function Figures(props: { choice: ChoiceControl }) {
  const { choice } = props
  const [params, setParams] = useSearchParams<{ sort?: string }>()
  const models = useModels(choice)
  const answer = () => (models.isPending ? undefined : models.data)
  const pick = (order: Order) => setParams({ sort: order === 'cost' ? null : order })
  const addressOf = (page: string, row: ModelRow, more: Record<string, string> = {}) => {
    const { range, basis, filters } = choice.choice()
    const others = filters.filter(({ name }) => name !== 'model_name')
    return toPage(page, { range, basis, filters: [...others, { name: 'model_name', value: row.name }] }, more)
  }
  const hrefs = {
    jobs: (row: ModelRow) => addressOf('/jobs', row),
    explore: (row: ModelRow) => addressOf('/explore', row, { by: 'team', compare: 'previous' }),
  }
  const explain = (row: ModelRow | null) =>
    explainRow(
      choice.choice(),
      choice.choice().range,
      row ?? { kind: 'total' },
      row === null ? null : { name: 'model_name', value: row.name },
    )
  return (
    <>
      <LastFigures queries={[models]} />
      <ModelCards
        answer={answer()}
        hasFailed={models.isError && answer() === undefined}
        hrefs={{ ...hrefs, lost: lostJobsOf(choice.choice().range, choice.choice().filters) }}
        carriesIdle={choice.choice().basis === 'allocation'}
      />
      <Panel
        title="Cost by model"
        query={models}
        minHeight={420}
        isEmpty={({ rows }) => rows.length === 0}
        empty={
          <p>
            No model cost anything on these days. Choose others, or <A href="/imports">import jobs</A> that name their
            model.
          </p>
        }
        actions={
          <DownloadButton
            path={`/api/v1/analytics/models?${choice.queryString()}`}
            fileName={fileNameOf('models', [], choice.days())}
            label="Download cost by model as CSV"
          />
        }
      >
        {(data) => (
          <>
            <ModelsTable answer={data()} order={readOrder(params.sort)} onOrder={pick} hrefs={{ ...hrefs, explain }} />
            <p class="note">
              Per job and per GPU-hour: the model’s cost divided by its jobs and by the hours whose cost is known. A
              model that is served has no cost per job; its GPU-hours carry idle ones by allocation, while the what-if
              of <A href="/unit-economics">Unit economics</A> says them without. Failed and cancelled work is what
              failed and cancelled jobs cost
              {choice.choice().basis === 'allocation'
                ? ', with the idle hours that they carry by allocation: the overview and Utilisation count the hours held alone'
                : ''}
              . Changes are against as many days just before.
              <Show when={!data().areTokensKnown}>
                {' '}
                Tokens are left out: they are metered by day and team and cannot be narrowed by these filters.
              </Show>
            </p>
          </>
        )}
      </Panel>
      <Show when={answer()}>
        {(data) => <MeteredOnly answer={data()} tokensHref={toPage('/tokens', { range: choice.choice().range })} />}
      </Show>
    </>
  )
}
