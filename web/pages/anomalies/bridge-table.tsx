import { For } from 'solid-js'
import { TableUsd } from '../../components/exact-usd.tsx'
import { formatCountOf, formatHours } from '../../format/count.ts'
import type { Anomaly } from './anomaly-card.tsx'
import { TERMS } from './words.ts'

type Term = Anomaly['terms'][number]

/** From what was expected to what it cost, term by term: the last line is their sum, which is the impact. */
export function BridgeTable(props: { anomaly: Anomaly }) {
  const most = () => Math.max(...props.anomaly.terms.map(({ amountUsd }) => Math.abs(Number(amountUsd))), 1e-9)
  return (
    <div class="table-scroll">
      <table class="anomaly-bridge">
        <caption class="visually-hidden">
          From expected to actual cost of {props.anomaly.name}, against{' '}
          {formatCountOf(props.anomaly.comparedDays.length, 'day')} before on the same weekday
        </caption>
        <thead>
          <tr>
            <th scope="col">What changed</th>
            <th scope="col">Of</th>
            <th scope="col" class="number">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.anomaly.terms}>
            {(term) => (
              <tr>
                <th scope="row">{TERMS[term.kind]}</th>
                <td>
                  {ofWhat(term)}
                  <span
                    class="bridge-bar"
                    classList={{ 'is-less': term.amountUsd.startsWith('-') }}
                    style={{ width: `${(100 * Math.abs(Number(term.amountUsd))) / most()}%` }}
                  />
                </td>
                <td class="number">
                  <TableUsd amount={term.amountUsd} />
                </td>
              </tr>
            )}
          </For>
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Impact</th>
            <td>actual − expected</td>
            <td class="number">
              <TableUsd amount={props.anomaly.impactUsd} />
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

function ofWhat({ provider, gpuType, sku, kind, beforeGpuHours, afterGpuHours }: Term): string {
  const name = [provider, gpuType, sku].filter((text) => text !== '').join(' ')
  if (kind !== 'volume' || beforeGpuHours === null || afterGpuHours === null) return name
  return `${name}: ${formatHours(beforeGpuHours)} → ${formatHours(afterGpuHours)} hours`
}
