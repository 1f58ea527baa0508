import { For } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import { formatUsd } from '../../format/usd.ts'
import { type NodeRow, nodeWords } from './node-table.tsx'

const REASONS: Record<Exclude<NodeRow['kind'], 'split'>, string> = {
  unknown_spec: 'This method needs the node’s vCPUs and memory, and Heliox does not know them',
  unknown_size: 'Heliox does not know this node size',
  no_instance_type: 'Billed for GPUs, without saying in which node',
  not_gpu: 'Not for a GPU',
}

/** What of the bill could not be split, and why: with the nodes above it is the whole bill. */
export function UnsplitTable(props: { rows: readonly NodeRow[]; total: UsdText }) {
  return (
    <div class="table-scroll">
      <table class="is-cards">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Why</th>
            <th scope="col" class="number">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.rows}>
            {(row) => (
              <tr>
                <th scope="row">
                  {row.instanceType || row.gpuType || 'Everything else'}
                  <span class="note">{nodeWords(row)}</span>
                </th>
                <td data-label="Why">{row.kind === 'split' ? '' : REASONS[row.kind]}</td>
                <td class="number" data-label="Cost">
                  {formatUsd(row.costUsd)}
                </td>
              </tr>
            )}
          </For>
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colspan="2">
              Not split
            </th>
            <td class="number">{formatUsd(props.total)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  )
}
