import { Index, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { RowButtons } from '../../components/row-buttons.tsx'
import { formatFullDay } from '../../format/day.ts'
import { sourceInShort } from './source-words.ts'

type GpuPrice = Answers['prices']['gpus']['list']['prices'][number]

/** What GPU-hours cost, the company's word before the catalogue's. */
export function GpuTable(props: {
  prices: readonly GpuPrice[]
  mayWrite: boolean
  onOpen: (dialog: 'edit-gpu' | 'remove-gpu', id: `gprice_${number}`) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Prices of GPU-hours">
      <table class="is-cards">
        <caption class="visually-hidden">Prices of GPU-hours by provider and type, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">GPU</th>
            <th scope="col">Provider</th>
            <th scope="col" class="number">
              A GPU-hour
            </th>
            <th scope="col">From</th>
            <th scope="col">Who says so</th>
            <Show when={props.mayWrite}>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.prices}>
            {(price) => (
              <tr>
                <th scope="row">{price().gpuType}</th>
                <td data-label="Provider">{price().provider}</td>
                <td data-label="A GPU-hour" class="number">
                  ${price().usdPerGpuHour}
                </td>
                <td data-label="From" class="nowrap">
                  {price().id ? formatFullDay(price().effectiveFrom) : <span class="muted">catalogue</span>}
                  {price().isInForce ? '' : ' (not in force)'}
                </td>
                <td data-label="Who says so">
                  <span class="prices-source" data-hint={price().source}>
                    {sourceInShort(price().source)}
                  </span>
                </td>
                <Show when={props.mayWrite}>
                  <Show when={price().id} keyed fallback={<td />}>
                    {(id) => (
                      <RowButtons
                        of={`the price of ${price().gpuType} at ${price().provider}`}
                        onOpen={(dialog) => props.onOpen(dialog === 'edit' ? 'edit-gpu' : 'remove-gpu', id)}
                      />
                    )}
                  </Show>
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}
