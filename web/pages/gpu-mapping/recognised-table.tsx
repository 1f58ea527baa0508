import { For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { TableUsd } from '../../components/exact-usd.tsx'
import { formatCount, formatHours } from '../../format/count.ts'

type Recognised = Answers['gpuRules']['recognised']

const WAYS = {
  rule: 'your rule',
  catalogue: 'catalogue of machines',
  text: 'words of the line',
  file: 'column of the file',
} as const satisfies Record<Recognised['kinds'][number]['by'], string>

/** GPU types on the bills with their dollars, and how they were told. */
export function RecognisedTable(props: { of: Recognised }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Recognised GPUs">
      <table>
        <caption class="visually-hidden">Recognised GPUs, the largest amount first</caption>
        <thead>
          <tr>
            <th scope="col">GPU type</th>
            <th scope="col" class="number">
              Cost
            </th>
            <th scope="col" class="number">
              GPU-hours bought
            </th>
            <th scope="col" class="number">
              Lines
            </th>
            <th scope="col">Told by</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.of.kinds}>
            {(kind) => (
              <tr>
                <th scope="row">{kind.gpuType}</th>
                <td class="number">
                  <TableUsd amount={kind.effectiveUsd} />
                </td>
                <td class="number">
                  <Show when={kind.gpuHours} fallback={<span class="muted">not known</span>}>
                    {(hours) => formatHours(hours())}
                  </Show>
                </td>
                <td class="number">{formatCount(kind.lineCount)}</td>
                <td>{WAYS[kind.by]}</td>
              </tr>
            )}
          </For>
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">GPU cost on bills</th>
            <td class="number">
              <TableUsd amount={props.of.recognisedUsd} />
            </td>
            <td colspan="3" />
          </tr>
          <tr>
            <th scope="row">Everything else on bills</th>
            <td class="number">
              <TableUsd amount={props.of.otherUsd} />
            </td>
            <td colspan="3" />
          </tr>
        </tfoot>
      </table>
    </section>
  )
}
