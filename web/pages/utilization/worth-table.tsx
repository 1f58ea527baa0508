import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { TableUsd, UsdDoor } from '../../components/exact-usd.tsx'
import { formatShare } from '../../format/change.ts'
import { nameOf, TERMS, type Waste, type WasteRow } from './queries.ts'

/** The parts in exact money: of one cost with a row per part, of several with a column per part. */
export function WorthTable(props: {
  rows: readonly WasteRow[]
  total: Waste['total']
  of: string
  canPick: (row: WasteRow) => boolean
  onPick: (row: WasteRow) => void
  /** Where a row's cost, or the total's (null), is explained; undefined: nowhere. */
  explain: (row: WasteRow | null) => string | undefined
  /** Where a part of the one cost is explained. */
  explainPart: (key: TermKey) => string
  /** Where the jobs are listed whose work came to nothing. */
  lostJobs: string
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="What the cost was worth">
      <table>
        <caption class="visually-hidden">What the cost was worth</caption>
        <Show
          when={props.rows[0]?.kind !== 'total'}
          fallback={
            <Parts
              total={props.total}
              href={props.explain(null)}
              explain={props.explainPart}
              lostJobs={props.lostJobs}
            />
          }
        >
          <thead>
            <tr>
              <th scope="col">{props.of}</th>
              <For each={TERMS}>
                {({ name }) => (
                  <th scope="col" class="number">
                    {name}
                  </th>
                )}
              </For>
              <th scope="col" class="number">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.rows}>
              {(row) => (
                <Row
                  name={nameOf(row)}
                  amounts={row}
                  href={props.explain(row)}
                  {...(props.canPick(row) ? { onPick: () => props.onPick(row) } : {})}
                />
              )}
            </For>
          </tbody>
          <tfoot>
            <Row name="Total" amounts={props.total} href={props.explain(null)} />
          </tfoot>
        </Show>
      </table>
    </section>
  )
}

type TermKey = (typeof TERMS)[number]['key']

function Row(props: { name: string; amounts: Waste['total']; href: string | undefined; onPick?: () => void }) {
  return (
    <tr>
      <th scope="row" class="nowrap">
        <Show when={props.onPick} fallback={props.name}>
          {(onPick) => (
            <button type="button" class="link" data-hint={`Show only ${props.name}`} onClick={() => onPick()()}>
              {props.name}
            </button>
          )}
        </Show>
      </th>
      <For each={TERMS}>
        {({ key }) => (
          <td class="number">
            <TableUsd amount={props.amounts[key]} />
          </td>
        )}
      </For>
      <td class="number">
        <UsdDoor href={props.href} of={props.name} amount={props.amounts.totalCostUsd} />
      </td>
    </tr>
  )
}

function Parts(props: {
  total: Waste['total']
  href: string | undefined
  explain: (key: TermKey) => string
  lostJobs: string
}) {
  return (
    <>
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col" class="number">
            Cost
          </th>
          <th scope="col" class="number">
            Share
          </th>
        </tr>
      </thead>
      <tbody>
        <For each={TERMS}>
          {({ key, name, meaning }) => (
            <tr>
              <th scope="row">
                <Show when={key === 'lostWorkCostUsd'} fallback={name}>
                  <A class="link" href={props.lostJobs} data-hint="List these jobs">
                    {name}
                  </A>
                </Show>
                <span class="note">{meaning}</span>
              </th>
              <td class="number">
                <UsdDoor href={props.explain(key)} of={name} amount={props.total[key]} />
              </td>
              <td class="number muted">{formatShare(props.total[key], props.total.totalCostUsd) ?? '–'}</td>
            </tr>
          )}
        </For>
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Total</th>
          <td class="number">
            <UsdDoor href={props.href} of="the total" amount={props.total.totalCostUsd} />
          </td>
          <td />
        </tr>
      </tfoot>
    </>
  )
}
