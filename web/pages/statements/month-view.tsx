import { A } from '@solidjs/router'
import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { DownloadButton } from '../../components/download-button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { HowComputed } from '../../components/how-computed.tsx'
import { PageHeading } from '../../components/page-heading.tsx'
import { Skeleton } from '../../components/panel.tsx'
import { PartialNote } from '../../components/partial-note.tsx'
import { formatInstant } from '../../format/day.ts'
import { formatMonth, formatMonthDays } from '../../format/month.ts'
import { teamName } from '../../format/row-name.ts'
import type { User } from '../../user.ts'
import { CheckLine } from './check-line.tsx'
import { CloseMonth } from './close-month.tsx'
import { CompanyPanel } from './company-panel.tsx'
import { MonthBadge } from './months-panel.tsx'
import { SplitWords } from './split-words.tsx'
import { explainMonth } from './statement-doors.ts'
import { type Statement, type TeamPart, useMonths, useStatement } from './statement-queries.ts'
import { TeamLetter } from './team-letter.tsx'
import { TeamsTable } from './teams-table.tsx'

/** A month's statement: of all teams that the reader sees, or of one as it is handed out. */
export function MonthView(props: { month: string; teamId: string | undefined; user: User }) {
  const query = useStatement(() => props.month)
  // Another month's figures under this one's name would be worse than none.
  const statement = () => (query.isPending || query.data?.month !== props.month ? undefined : query.data)
  const name = () => formatMonth(props.month)
  const team = () => statement()?.teams.find(({ teamId }) => teamId === props.teamId)
  return (
    <div class="page statement">
      <div class="page-head">
        <div>
          <PageHeading title={team() ? `${team()?.teamName}, ${name()}` : name()}>
            <Show when={team()} fallback={<>Statement of {name()}</>}>
              {(known) => (
                <>
                  {teamName(known().teamName)}, {name()}
                </>
              )}
            </Show>
          </PageHeading>
          <p class="note">
            {formatMonthDays(props.month)}, UTC.{' '}
            <Show when={statement()}>{(known) => <State statement={known()} />}</Show>{' '}
            <span class="no-print">
              <A href="/statements">All months</A>
              <Show when={props.teamId}>
                {' · '}
                <A href={`/statements?month=${props.month}`}>All teams of {name()}</A>
              </Show>
            </span>
          </p>
        </div>
        <Show when={statement()}>
          <Actions month={props.month} teamId={team()?.teamId} mayClose={props.user.seesWholeCompany} />
        </Show>
      </div>
      <PartialNote user={props.user} />
      <Switch fallback={<Skeleton label="Loading the statement" />}>
        <Match when={query.isError && !statement()}>
          <FailureNote title="Could not load the statement" error={query.error} onRetry={() => query.refetch()} />
        </Match>
        <Match when={statement() && props.teamId && !team()}>
          <section class="panel empty">
            <p>This team has no part in {name()}.</p>
            <p>
              <A href={`/statements?month=${props.month}`}>All teams of {name()}</A>
            </p>
          </section>
        </Match>
        <Match when={statement()?.lines.length === 0}>
          <section class="panel empty">
            <p>Nothing was charged in {name()}.</p>
          </section>
        </Match>
        <Match when={team()}>{(part) => <TeamLetter part={part()} statement={statement()!} />}</Match>
        <Match when={statement()}>{(known) => <AllTeams statement={known()} />}</Match>
      </Switch>
    </div>
  )
}

function State(props: { statement: Statement }) {
  return (
    <>
      <MonthBadge state={props.statement.state} />{' '}
      <Show when={props.statement.closedAt} fallback="As the ledger is now.">
        {(at) => (
          <>
            {formatInstant(at())}
            {props.statement.closedBy ? `, ${props.statement.closedBy}` : ''}.
          </>
        )}
      </Show>
      {props.statement.isProvisional ? ' Jobs still ran: they are counted up to then.' : ''}
    </>
  )
}

function Actions(props: { month: string; teamId: string | undefined; mayClose: boolean }) {
  const months = useMonths()
  const [isClosing, setClosing] = createSignal(false)
  const isClosable = () =>
    props.mayClose && months.data?.months.some((one) => one.month === props.month && one.isClosable)
  const path = () => `/api/v1/statements/${props.month}/lines${props.teamId ? `?team_id=${props.teamId}` : ''}`
  return (
    <div class="toolbar no-print">
      <DownloadButton
        path={path()}
        fileName={`statement-${props.month}${props.teamId ? `-${props.teamId}` : ''}.csv`}
        label="Download CSV of the lines"
        text="Download CSV"
      />
      <button type="button" class="button" onClick={() => window.print()}>
        Print
      </button>
      <Show when={isClosable()}>
        <button type="button" class="button is-primary" onClick={() => setClosing(true)}>
          Close month
        </button>
      </Show>
      <Show when={isClosing()}>
        <CloseMonth month={props.month} onClose={() => setClosing(false)} />
      </Show>
    </div>
  )
}

/** On screen the sums of every team; on paper each team's statement follows on a page of its own. */
function AllTeams(props: { statement: Statement }) {
  return (
    <>
      <Show when={props.statement.check}>{(check) => <CheckLine check={check()} />}</Show>
      <section class="panel" aria-label="Teams">
        <header class="panel-head">
          <h2>Teams</h2>
        </header>
        <TeamsTable statement={props.statement} />
        <SplitWords statement={props.statement} />
        <div class="no-print">
          <HowComputed
            figure="a team’s total"
            formula={`Its jobs’ part of each day’s bill by the GPU time that they held, what rules gave to it, its part of shared cost, and adjustments of months that were closed before.${props.statement.state === 'closed' ? ' This month is closed and stays as it is; the rows behind a figure are of the ledger as it is now.' : ''}`}
            facts={[
              ['Days', `${formatMonthDays(props.statement.month)}, UTC`],
              ['Basis', 'Allocation of effective cost: everything adds up to the bill.'],
              [
                'Prices',
                `What the bills charged ${props.statement.state === 'closed' ? 'when the month was closed' : 'as last imported'}.`,
              ],
            ]}
            href={explainMonth(props.statement.month, 'total')}
          />
        </div>
      </section>
      <Show when={props.statement.company}>
        {(company) => <CompanyPanel month={props.statement.month} company={company()} lines={props.statement.lines} />}
      </Show>
      <div class="print-only">
        <For each={props.statement.teams}>
          {(part: TeamPart) => <TeamLetter part={part} statement={props.statement} isHeaded />}
        </For>
      </div>
    </>
  )
}
