import { For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { ExactUsd } from '../../components/exact-usd.tsx'
import { Pager } from '../../components/pager.tsx'
import { formatCount } from '../../format/count.ts'

/** The refused rows, by line of the file, with the reason and, for a bill and where it could be read, the amount. */
export function QuarantineTable(props: {
  answer: Answers['imports']['errors']
  isBill: boolean
  onSkip: (skip: number) => void
}) {
  return (
    <>
      <section class="table-scroll" tabindex="0" aria-label="Quarantined rows">
        <table>
          <caption class="visually-hidden">Quarantined rows, by line</caption>
          <thead>
            <tr>
              <th scope="col" class="number">
                Line
              </th>
              <th scope="col">Column</th>
              <th scope="col">Reason</th>
              <th scope="col">Code</th>
              <Show when={props.isBill}>
                <th scope="col" class="number">
                  Amount
                </th>
              </Show>
            </tr>
          </thead>
          <tbody>
            <For each={props.answer.errors}>
              {(row) => (
                <tr>
                  <td class="number">{formatCount(row.line)}</td>
                  <td class="mono">{row.column ?? '–'}</td>
                  <td class="reason">{row.message}</td>
                  <td class="mono">{row.code}</td>
                  <Show when={props.isBill}>
                    <td class="number">
                      <Show when={row.costUsd !== null} fallback="not readable">
                        <ExactUsd amount={row.costUsd} />
                      </Show>
                    </td>
                  </Show>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
      <Pager of="the quarantined rows" page={props.answer} onSkip={props.onSkip} />
    </>
  )
}
