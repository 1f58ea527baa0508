import { For, Show } from 'solid-js'
import { TableUsd, UsdDoor } from '../../components/exact-usd.tsx'
import { formatCount, formatHours } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { formatMonth, formatMonthDays } from '../../format/month.ts'
import { teamName } from '../../format/row-name.ts'
import { formatUsdExact } from '../../format/usd.ts'
import { SplitWords } from './split-words.tsx'
import { doorOfLine } from './statement-doors.ts'
import type { Line, Statement, TeamPart } from './statement-queries.ts'
import { BudgetUsed } from './teams-table.tsx'

/** One team's statement as it is handed out. `isHeaded`: it stands on paper among others, under its own heading. */
export function TeamLetter(props: { part: TeamPart; statement: Statement; isHeaded?: boolean }) {
  const lines = () => props.statement.lines.filter(({ teamId }) => teamId === props.part.teamId)
  const hasShared = () => lines().some(({ kind }) => kind === 'shared')
  return (
    <article class="panel letter" aria-label={`Statement of ${teamName(props.part.teamName)}`}>
      <header class="letter-head">
        <h2>
          {props.isHeaded
            ? `${teamName(props.part.teamName)}, ${formatMonth(props.statement.month)}`
            : 'Chargeback statement'}
        </h2>
        <dl>
          <Fact name="Team" value={teamName(props.part.teamName)} />
          <Fact name="Period" value={`${formatMonthDays(props.statement.month)}, UTC`} />
          <Fact
            name="State"
            value={
              props.statement.closedAt
                ? `Closed ${formatInstant(props.statement.closedAt)}`
                : 'Open: it may still change'
            }
          />
          <div>
            <dt>Budget</dt>
            <dd>
              <BudgetUsed team={props.part} />
            </dd>
          </div>
        </dl>
      </header>
      <div class="table-scroll">
        <table class="letter-lines is-cards">
          <thead>
            <tr>
              <th scope="col">Charged for</th>
              <th scope="col" class="number">
                GPU-hours
              </th>
              <th scope="col" class="number">
                Jobs
              </th>
              <th scope="col" class="number">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={lines()}>{(line) => <Row line={line} href={doorOfLine(props.statement.month, line)} />}</For>
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Total of {formatMonth(props.statement.month)}</th>
              <td class="number">{formatHours(props.part.gpuHours)}</td>
              <td class="number">{formatCount(props.part.jobCount)}</td>
              <td class="number">
                <TableUsd amount={props.part.totalUsd} />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      <Show when={hasShared()}>
        <SplitWords statement={props.statement} teamId={props.part.teamId} />
      </Show>
      <p class="note">
        Effective cost in US dollars, split by the GPU-hours that jobs held. All teams’ statements and what stays with
        the company sum to the bill exactly.
      </p>
    </article>
  )
}

function Fact(props: { name: string; value: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  )
}

function Row(props: { line: Line; href: string | undefined }) {
  const hasWork = () => props.line.kind === 'jobs' || props.line.kind === 'assigned'
  return (
    <tr>
      <th scope="row">
        {titleOf(props.line)}
        <span class="note">{noteOf(props.line)}</span>
      </th>
      <Show when={hasWork()} fallback={<td colspan="2" />}>
        <td class="number" data-label="GPU-hours">
          {formatHours(props.line.gpuHours)}
        </td>
        <td class="number" data-label="Jobs">
          {formatCount(props.line.jobCount)}
        </td>
      </Show>
      <td class="number" data-label="Amount">
        <UsdDoor href={props.href} of={titleOf(props.line)} amount={props.line.amountUsd} />
      </td>
    </tr>
  )
}

function titleOf({ kind, provider, gpuType, modelName, adjustedMonth }: Line): string {
  const pool = `${provider} · ${gpuType || 'no GPU'}`
  if (kind === 'jobs') return `${modelName || 'No model'} on ${pool}`
  if (kind === 'assigned') return pool
  return kind === 'shared' ? 'Part of shared cost' : `Adjustment of ${formatMonth(adjustedMonth ?? '')}`
}

function noteOf({ kind, beforeUsd, afterUsd }: Line): string {
  if (kind === 'assigned') return 'Given to the team by a rule'
  if (kind === 'adjustment')
    return `Bill or jobs restated after closing: was ${formatUsdExact(beforeUsd)}, is ${formatUsdExact(afterUsd)}`
  return kind === 'shared' ? 'Of what no job and no rule was charged' : ''
}
