import { For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { TableUsd } from '../../components/exact-usd.tsx'
import { formatCount } from '../../format/count.ts'

export type Reason = Answers['imports']['reasons']['reasons'][number]

/** Why rows were refused, most rows first: however many they are, this can be read. */
export function ReasonTable(props: {
  reasons: readonly Reason[]
  isBill: boolean
  code: string
  onCode: (code: string | null) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Reasons">
      <table class="reasons is-cards">
        <caption class="visually-hidden">Reasons, most rows first</caption>
        <thead>
          <tr>
            <For each={['Code', 'Column', 'First of them']}>{(title) => <th scope="col">{title}</th>}</For>
            <For each={['Rows', ...(props.isBill ? ['Amount'] : [])]}>
              {(title) => (
                <th scope="col" class="number">
                  {title}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.reasons}>
            {(reason) => (
              <tr classList={{ 'is-chosen': reason.code === props.code }}>
                <th scope="row">
                  <button
                    type="button"
                    class="link mono"
                    aria-pressed={reason.code === props.code}
                    data-hint={reason.code === props.code ? 'Show rows of every code' : 'Only rows with this code'}
                    onClick={() => props.onCode(reason.code === props.code ? null : reason.code)}
                  >
                    {reason.code}
                  </button>
                </th>
                <td data-label="Column" class="mono">
                  {reason.column ?? '–'}
                </td>
                <td data-label="First of them" class="reason">
                  <div class="stacked">
                    <span>{reason.message}</span>
                    <span class="note">line {formatCount(reason.firstLine)}</span>
                  </div>
                </td>
                <td data-label="Rows" class="number">
                  <div class="stacked">
                    <span>{formatCount(reason.count)}</span>
                    <Show when={reason.resolvedCount > 0}>
                      <span class="note">{formatCount(reason.resolvedCount)} read again</span>
                    </Show>
                  </div>
                </td>
                <Show when={props.isBill}>
                  <td data-label="Amount" class="number">
                    <div class="stacked">
                      <Show when={reason.costUsd !== null} fallback={<span>not readable</span>}>
                        <TableUsd amount={reason.costUsd} />
                      </Show>
                      <Show when={reason.costUsd !== null && reason.unpricedCount > 0}>
                        <span class="note">{formatCount(reason.unpricedCount)} not readable</span>
                      </Show>
                    </div>
                  </td>
                </Show>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  )
}
