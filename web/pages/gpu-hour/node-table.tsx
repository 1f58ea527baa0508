import { For, Show } from 'solid-js'
import { formatCount, formatHours } from '../../format/count.ts'
import { formatUsd, formatUsdRate } from '../../format/usd.ts'
import type { NodeCost } from './method-picker.tsx'
import { PARTS, PartsBar, PartsLegend, shareOf } from './parts.tsx'

export type NodeRow = NodeCost['rows'][number]

/** Node sizes that were split, the dearest first, with what a GPU-hour of each costs. */
export function NodeTable(props: { rows: readonly NodeRow[]; totals: NodeCost['totals'] }) {
  return (
    <>
      <PartsLegend />
      <div class="table-scroll">
        <table class="is-cards nodes">
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">Parts</th>
              <For each={PARTS}>
                {([, title]) => (
                  <th scope="col" class="number">
                    {title}
                  </th>
                )}
              </For>
              <th scope="col" class="number">
                Cost
              </th>
              <th scope="col" class="number">
                GPU-hours
              </th>
              <th scope="col" class="number">
                GPU-hour, GPU part
              </th>
              <th scope="col" class="number">
                GPU-hour, whole
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.rows}>{(row) => <Row row={row} />}</For>
          </tbody>
        </table>
      </div>
    </>
  )
}

function Row(props: { row: NodeRow }) {
  return (
    <tr>
      <th scope="row">
        {props.row.instanceType}
        <span class="note">{nodeWords(props.row)}</span>
      </th>
      <td class="nodes-bar">
        <PartsBar of={props.row} />
      </td>
      <For each={PARTS}>
        {([name, title]) => (
          <td class="number" data-label={title}>
            <span>
              {formatUsd(props.row[`${name}Usd`])}
              <span class="note nodes-share">{shareOf(props.row[`${name}Usd`], props.row.costUsd)}</span>
            </span>
          </td>
        )}
      </For>
      <td class="number" data-label="Cost">
        {formatUsd(props.row.costUsd)}
      </td>
      <td class="number" data-label="GPU-hours">
        <Show when={props.row.gpuHours} fallback={<span class="note">not counted</span>}>
          {(hours) => formatHours(hours())}
        </Show>
      </td>
      <td class="number nodes-rate" data-label="Hour, GPU part">
        {formatUsdRate(props.row.perGpuHourUsd)}
      </td>
      <td class="number" data-label="Hour, whole">
        {formatUsdRate(props.row.wholePerGpuHourUsd)}
      </td>
    </tr>
  )
}

/** "aws · 8 × v100 · 64 vCPU · 488 GiB". */
export function nodeWords({ provider, gpuType, gpuCount, vcpuCount, memoryGib }: NodeRow): string {
  const parts = [
    provider,
    gpuCount === null ? gpuType : `${Number(gpuCount.toFixed(3))} × ${gpuType}`,
    vcpuCount === null ? '' : `${formatCount(vcpuCount)} vCPU`,
    memoryGib === null ? '' : `${formatCount(memoryGib)} GiB`,
  ]
  return parts.filter((part) => part !== '').join(' · ')
}
