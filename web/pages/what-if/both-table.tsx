import { For, Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import { formatUsd, formatUsdInTable } from '../../format/usd.ts'

type Both = { beforeUsd: UsdText; afterUsd: UsdText; differenceUsd: UsdText }

/** Before, after and the difference of each, and of all. */
export function BothTable(props: {
  title: string
  first: string
  rows: readonly (Both & { name: string })[]
  total: Both
}) {
  return (
    <section class="what-if-table">
      <h3>{props.title}</h3>
      <section class="table-scroll" tabindex="0" aria-label={props.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{props.first}</th>
              <th scope="col" class="number">
                Before
              </th>
              <th scope="col" class="number">
                After
              </th>
              <th scope="col" class="number">
                Difference
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.rows}>{(row) => <Line name={row.name} of={row} />}</For>
          </tbody>
          <Show when={props.rows.length > 1}>
            <tfoot>
              <Line name="Total" of={props.total} />
            </tfoot>
          </Show>
        </table>
      </section>
    </section>
  )
}

function Line(props: { name: string; of: Both }) {
  return (
    <tr>
      <th scope="row">{props.name}</th>
      <td class="number">{formatUsdInTable(props.of.beforeUsd)}</td>
      <td class="number">{formatUsdInTable(props.of.afterUsd)}</td>
      <td class="number">{formatUsd(props.of.differenceUsd)}</td>
    </tr>
  )
}
