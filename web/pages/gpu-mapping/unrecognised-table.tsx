import { Index, Show } from 'solid-js'
import { TableUsd } from '../../components/exact-usd.tsx'
import { formatCount } from '../../format/count.ts'
import { formatDays } from '../../format/day.ts'
import type { UnrecognisedLine } from './rule-form.ts'

/** Lines that are no GPU as far as is known, each with the way to say otherwise for who may. */
export function UnrecognisedTable(props: {
  lines: readonly UnrecognisedLine[]
  mayWrite: boolean
  onMap: (line: UnrecognisedLine) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Unrecognised lines">
      <table class="is-cards">
        <caption class="visually-hidden">Unrecognised lines, the largest amount first</caption>
        <thead>
          <tr>
            <th scope="col">What is charged</th>
            <th scope="col">Provider, service</th>
            <th scope="col">Days</th>
            <th scope="col" class="number">
              Lines
            </th>
            <th scope="col" class="number">
              Hours
            </th>
            <th scope="col" class="number">
              Cost
            </th>
            <Show when={props.mayWrite}>
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
                  {nameOf(line())}
                  <span class="note">{[line().instanceType, line().sku].filter(Boolean).join(' · ')}</span>
                </th>
                <td data-label="Service">{[line().provider, line().service].filter(Boolean).join(', ')}</td>
                <td data-label="Days">{formatDays(line().firstDay, line().lastDay)}</td>
                <td data-label="Lines" class="number">
                  {formatCount(line().lineCount)}
                </td>
                <td data-label="Hours" class="number">
                  <Show when={line().billedHours !== null} fallback={<span class="muted">–</span>}>
                    {formatCount(line().billedHours ?? 0)}
                  </Show>
                </td>
                <td data-label="Cost" class="number">
                  <TableUsd amount={line().effectiveUsd} />
                </td>
                <Show when={props.mayWrite}>
                  <td class="row-actions">
                    <button
                      type="button"
                      class="button"
                      aria-label={`This is a GPU… ${nameOf(line())}`}
                      onClick={() => props.onMap(line())}
                    >
                      This is a GPU…
                    </button>
                  </td>
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}

function nameOf({ item, instanceType, sku }: UnrecognisedLine): string {
  return item || instanceType || sku || 'without a name'
}
