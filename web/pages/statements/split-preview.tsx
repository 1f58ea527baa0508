import { useQuery } from '@tanstack/solid-query'
import { createSignal, createUniqueId, For, Index, Show } from 'solid-js'
import { api, failureOf } from '../../api.ts'
import { TableUsd } from '../../components/exact-usd.tsx'
import { formatMonth } from '../../format/month.ts'
import { teamName } from '../../format/row-name.ts'
import { formatUsd } from '../../format/usd.ts'
import { type Draft, decisionOf } from './split-methods.ts'
import { useMonths } from './statement-queries.ts'

/** What each team of a month would be given, asked anew with every change. */
export function SplitPreview(props: { draft: Draft }) {
  const id = createUniqueId()
  const months = useMonths()
  const [picked, pick] = createSignal<string | null>(null)
  const month = () => picked() ?? months.data?.months[0]?.month
  const preview = useQuery(() => ({
    queryKey: ['statements.previewSplit', month(), decisionOf(props.draft)],
    queryFn: () => api.statements.previewSplit.query({ month: month() ?? '', split: decisionOf(props.draft) }),
    enabled: month() !== undefined,
    retry: false,
  }))
  const shown = () => (preview.isPending || preview.isError ? undefined : preview.data)
  return (
    <Show when={month()}>
      <section class="split-preview" aria-label="Preview" aria-busy={preview.isFetching}>
        <div class="inline-field">
          <label for={id} class="inline-field">
            What it gives each team in
          </label>
          <select id={id} onChange={(event) => pick(event.currentTarget.value)}>
            <For each={months.data?.months ?? []}>
              {(one) => (
                <option value={one.month} selected={one.month === month()}>
                  {formatMonth(one.month)}
                </option>
              )}
            </For>
          </select>
        </div>
        <Show when={preview.isError}>
          <p class="field-problem" role="alert">
            {failureOf(preview.error).details[0] ?? failureOf(preview.error).message}
          </p>
        </Show>
        <Show when={shown()}>
          {(answer) => (
            <>
              <div class="table-scroll is-tall">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Team</th>
                      <th scope="col" class="number">
                        Charged
                      </th>
                      <th scope="col" class="number">
                        Part of shared cost
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    <Index each={answer().parts}>
                      {(part) => (
                        <tr>
                          <th scope="row">{teamName(part().teamName)}</th>
                          <td class="number">{formatUsd(part().chargedUsd)}</td>
                          <td class="number">
                            <TableUsd amount={part().partUsd} />
                          </td>
                        </tr>
                      )}
                    </Index>
                  </tbody>
                </table>
              </div>
              <p class="note">
                Shared cost of the month {formatUsd(answer().potUsd)}, of it stays with the company{' '}
                {formatUsd(answer().keptUsd)}.
              </p>
            </>
          )}
        </Show>
      </section>
    </Show>
  )
}
