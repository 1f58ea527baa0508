import { A } from '@solidjs/router'
import { Index, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { TableUsd } from '../../components/exact-usd.tsx'
import { RowButtons } from '../../components/row-buttons.tsx'
import { formatHours } from '../../format/count.ts'
import { formatFullDay } from '../../format/day.ts'

export type Line = Answers['costs']['list']['costs'][number]

/** Bill lines, the newest day first, each with what brought it; whoever may change them finds the buttons at the end. */
export function CostTable(props: {
  lines: readonly Line[]
  mayEdit: boolean
  onOpen: (dialog: 'edit' | 'remove', id: Line['id']) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Bill lines">
      <table class="entries is-cards">
        <caption class="visually-hidden">Bill lines, the newest day first</caption>
        <thead>
          <tr>
            <th scope="col">Billed for</th>
            <th scope="col">Day</th>
            <th scope="col">Account</th>
            <th scope="col">From</th>
            <th scope="col" class="number">
              GPU-hours
            </th>
            <th scope="col" class="number">
              Invoiced
            </th>
            <th scope="col" class="number">
              Amortised
            </th>
            <Show when={props.mayEdit}>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.lines}>
            {(line) => (
              <tr>
                <th scope="row">
                  {poolOf(line())}
                  <Show when={whatOf(line())}>{(words) => <span class="note">{words()}</span>}</Show>
                </th>
                <td data-label="Day" class="nowrap">
                  {formatFullDay(line().date)}
                </td>
                <td data-label="Account">{placeOf(line()) || '–'}</td>
                <td data-label="From">
                  <Origin line={line()} />
                </td>
                <td data-label="GPU-hours" class="number">
                  {formatHours(line().capacityGpuHours)}
                </td>
                <td data-label="Invoiced" class="number">
                  <TableUsd amount={line().costUsd} />
                </td>
                <td data-label="Amortised" class="number">
                  <TableUsd amount={line().effectiveCostUsd} />
                </td>
                <Show when={props.mayEdit}>
                  <RowButtons of={nameOf(line())} onOpen={(dialog) => props.onOpen(dialog, line().id)} />
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}

/** "aws h100 of 13 January 2026", with the entry's id, since a day may have many. */
export function nameOf({ id, date, provider, gpuType }: Pick<Line, 'id' | 'date' | 'provider' | 'gpuType'>): string {
  return `${poolOf({ provider, gpuType })} of ${formatFullDay(date)} (${id})`
}

function poolOf({ provider, gpuType }: Pick<Line, 'provider' | 'gpuType'>): string {
  return `${provider} ${gpuType || 'without GPUs'}`
}

function whatOf({ item, sku, service, chargeCategory }: Line): string {
  return [item || sku || service, chargeCategory].filter(Boolean).join(' · ')
}

function placeOf({ account, billingAccount, region }: Line): string {
  return [account || billingAccount, region].filter(Boolean).join(' · ')
}

function Origin(props: { line: Line }) {
  return (
    <>
      <Show when={props.line.importId} fallback="by hand">
        {(id) => (
          <A class="link" href={`/imports/${id()}`}>
            {props.line.fileName || id()}
          </A>
        )}
      </Show>
      <Show when={props.line.source}>{(source) => <span class="note"> {source()}</span>}</Show>
    </>
  )
}
