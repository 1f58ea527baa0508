import { For, Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import type { Answers } from '../../api.ts'
import { type Comparison, wordsOfComparison } from '../../choice/compare.ts'
import { CountDoor } from '../../components/count-door.tsx'
import { TableUsd, UsdDoor } from '../../components/exact-usd.tsx'
import { Explained } from '../../components/explained.tsx'
import { changeOf, formatShare } from '../../format/change.ts'
import { formatCount, formatHours } from '../../format/count.ts'
import { rowMeaning, rowName } from '../../format/row-name.ts'
import { labelOfGroup } from './explore-choice.ts'

export type Explored = Answers['analytics']['explore']
export type ExploredRow = Explored['rows'][number]

/** The rows in exact money, a column per name; a name is a button that shows only it. */
export function ExplorerTable(props: {
  answer: Explored
  names: readonly string[]
  comparison: Comparison
  onPick: (group: string, name: string, row: ExploredRow) => void
  /** Where a row's amount, or the total's (null), is explained; undefined: nowhere. */
  explain: (row: ExploredRow | null) => string | undefined
  /** Where a row's jobs are listed; undefined: nowhere. */
  jobs: (row: ExploredRow) => string | undefined
}) {
  const isCompared = () => props.answer.previousTotalCostUsd !== null
  return (
    <section class="table-scroll" tabindex="0" aria-label="Cost by group">
      <table>
        <caption class="visually-hidden">Cost by group</caption>
        <thead>
          <tr>
            <For each={props.names}>{(name) => <th scope="col">{labelOfGroup(name)}</th>}</For>
            <Show when={props.names.length === 0}>
              <th scope="col">Group</th>
            </Show>
            <th scope="col" class="number">
              Cost
            </th>
            <th scope="col" class="number">
              Share
            </th>
            <Show when={isCompared()}>
              <th scope="col" class="number">
                {props.comparison === 'year' ? 'Year before' : 'Period before'}
              </th>
              <th scope="col" class="number">
                Change
              </th>
            </Show>
            <th scope="col" class="number">
              Jobs
            </th>
            <th scope="col" class="number">
              GPU-hours
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.answer.rows}>
            {(row) => (
              <tr>
                <RowNames row={row} names={props.names} onPick={props.onPick} />
                <td class="number">
                  <UsdDoor href={props.explain(row)} of={titleOf(row)} amount={row.totalCostUsd} />
                </td>
                <td class="number muted">
                  {(props.answer.isAdditive && formatShare(row.totalCostUsd, props.answer.totalCostUsd)) || '–'}
                </td>
                <Show when={isCompared()}>
                  <Compared
                    now={row.totalCostUsd}
                    before={row.previousTotalCostUsd}
                    of={wordsOfComparison(props.comparison)}
                  />
                </Show>
                <td class="number">
                  <CountDoor href={props.jobs(row)} count={row.jobCount} of={titleOf(row)} />
                </td>
                <td class="number">{row.gpuHours === null ? '–' : formatHours(row.gpuHours)}</td>
              </tr>
            )}
          </For>
        </tbody>
        <Show when={props.answer.isAdditive}>
          <tfoot>
            <tr>
              <th scope="row" colspan={Math.max(1, props.names.length)}>
                Total
              </th>
              <td class="number">
                <UsdDoor href={props.explain(null)} of="the total" amount={props.answer.totalCostUsd} />
              </td>
              <td />
              <Show when={isCompared()}>
                <Compared
                  now={props.answer.totalCostUsd}
                  before={props.answer.previousTotalCostUsd}
                  of={wordsOfComparison(props.comparison)}
                />
              </Show>
              <td colspan="2" />
            </tr>
          </tfoot>
        </Show>
      </table>
    </section>
  )
}

/** A remainder is one cell over all names that it does not have; an owner's names are buttons. */
function RowNames(props: {
  row: ExploredRow
  names: readonly string[]
  onPick: (group: string, name: string, row: ExploredRow) => void
}) {
  const isNamed = () => props.row.kind === 'owner' && props.names.length > 0
  const label = () => {
    const own = props.row.names.filter((name) => !name.startsWith('__') && name !== '')
    const title = rowName({ name: props.row.names[0] ?? '', kind: props.row.kind })
    const count = props.row.kind === 'other' ? ` (${formatCount(props.row.groupCount)} groups)` : ''
    return `${own.length > 0 && props.row.kind !== 'other' ? `${own.join(', ')}: ` : ''}${title}${count}`
  }
  return (
    <Show
      when={isNamed()}
      fallback={
        <th scope="row" colspan={Math.max(1, props.names.length)}>
          <Explained words={label()} meaning={rowMeaning(props.row.kind)} />
        </th>
      }
    >
      <For each={props.names}>
        {(group, at) => {
          const name = () => props.row.names[at()] ?? ''
          return (
            <Show
              when={at() === 0}
              fallback={<td class="nowrap">{<Name {...{ group, name: name() }} {...props} />}</td>}
            >
              <th scope="row" class="nowrap">
                <Name {...{ group, name: name() }} {...props} />
              </th>
            </Show>
          )
        }}
      </For>
    </Show>
  )
}

/** "vision, a100"; of what is left over its kind. */
function titleOf({ names, kind }: ExploredRow): string {
  const own = names.filter((name) => !name.startsWith('__') && name !== '')
  return [...own, ...(kind === 'owner' && own.length > 0 ? [] : [rowName({ name: '', kind })])].join(', ')
}

function Name(props: {
  group: string
  name: string
  row: ExploredRow
  onPick: (group: string, name: string, row: ExploredRow) => void
}) {
  return (
    <button
      type="button"
      class="link"
      data-hint={`Show only ${props.name || '(none)'}`}
      onClick={() => props.onPick(props.group, props.name, props.row)}
    >
      {props.name || '(none)'}
    </button>
  )
}

function Compared(props: { now: UsdText; before: UsdText | null; of: string }) {
  const change = () => (props.before === null ? null : changeOf(props.now, props.before, props.of))
  const sign = () => ({ up: '+', down: '−', same: '' })[change()?.direction ?? 'same']
  return (
    <>
      <td class="number muted">
        <TableUsd amount={props.before} />
      </td>
      <td class="number" data-hint={change()?.words}>
        {change() ? `${sign()}${change()?.percent}` : '–'}
      </td>
    </>
  )
}
