import { Index, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatTokens } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'

export type Served = Answers['analytics']['unitEconomics']['served'][number]

/** What a million tokens of each served model cost; one of them is looked at below. */
export function ServedTable(props: { rows: readonly Served[]; picked: string; onPick: (model: string) => void }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Models on own GPUs">
      <table class="is-cards unit-table">
        <caption class="visually-hidden">Models on own GPUs, the dearest first</caption>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" class="number">
              Actual per 1 M
            </th>
            <th scope="col" class="number">
              List per 1 M
            </th>
            <th scope="col" class="number">
              Margin
            </th>
            <th scope="col" class="number">
              Break-even a day
            </th>
            <th scope="col" class="number">
              Tokens
            </th>
            <th scope="col" class="number">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          <Index each={props.rows}>
            {(row) => (
              <tr>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    aria-pressed={row().model === props.picked}
                    onClick={() => props.onPick(row().model)}
                  >
                    {row().model}
                  </button>
                  <Show when={row().provisionalDays.length > 0}>
                    <span class="cell-note">{provisional(row())}</span>
                  </Show>
                </th>
                <td data-label="Actual per 1 M" class="number">
                  {usd(row().allocationPerMillionUsd)}
                  <span class="cell-note">{usd(row().usagePerMillionUsd)} without idle</span>
                </td>
                <td data-label="List per 1 M" class="number">
                  {usd(row().listPerMillionUsd, row().tokens > 0 ? 'unpriced' : '–')}
                </td>
                <td data-label="Margin" class="number">
                  {usd(row().marginUsd)}
                  <Show when={row().marginShare !== null}>
                    <span class="cell-note">{percent(row().marginShare)} of list</span>
                  </Show>
                </td>
                <td data-label="Break-even a day" class="number">
                  {row().breakEvenTokensPerDay === null ? '–' : formatTokens(row().breakEvenTokensPerDay)}
                  <Show when={row().breakEvenUtilization}>
                    {(share) => (
                      <span class="cell-note">
                        {share() > 1 ? 'not even at full utilisation' : `at ${percent(share())} utilisation`}
                      </span>
                    )}
                  </Show>
                </td>
                <td data-label="Tokens" class="number">
                  {formatTokens(row().tokens)}
                  <Show when={row().coverage !== null && row().coverage !== 1}>
                    <span class="cell-note">{percent(row().coverage)} with a known cost</span>
                  </Show>
                </td>
                <td data-label="Cost" class="number">
                  {usd(row().allocationCostUsd, 'no bill yet')}
                </td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}

function provisional({ provisionalDays }: Served): string {
  const { length } = provisionalDays
  return `${length} ${length === 1 ? 'day is' : 'days are'} provisional`
}

/** An amount, or what its absence means. */
export function usd(amount: Parameters<typeof formatUsd>[0] | null, absent = '–'): string {
  return amount === null ? absent : formatUsd(amount)
}

export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 1000) / 10} %`
}
