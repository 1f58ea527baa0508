import type { UseQueryResult } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { type Bridge, BridgeBars, BridgeChart } from '../../charts/bridge-chart.tsx'
import { DownloadButton } from '../../components/download-button.tsx'
import { Panel } from '../../components/panel.tsx'
import { type View, ViewSwitch } from '../../components/view-switch.tsx'
import { formatCountOf } from '../../format/count.ts'
import { nameOf, TERMS, type Waste, type WasteRow, WORTH_OF, type WorthOf } from './queries.ts'
import { WorthTable } from './worth-table.tsx'

const MOST_BARS = 12

/** What the cost was worth: five parts that sum to it, in total, per team or per pool. */
export function WorthPanel(props: {
  query: UseQueryResult<Waste>
  of: WorthOf
  csvPath: string
  onOf: (of: WorthOf) => void
  /** Where a row's cost, or the total's (null), is explained; undefined: nowhere. */
  explain: (row: WasteRow | null) => string | undefined
  /** Where the jobs are listed whose work came to nothing. */
  lostJobs: string
}) {
  const [view, setView] = createSignal<View>('chart')
  return (
    <Panel
      title="What the cost was worth"
      query={props.query}
      minHeight={300}
      isEmpty={({ rows, total }) => rows.length === 0 || (total.totalCostUsd === '0.00' && total.heldGpuHours === '0')}
      empty={<p>Nothing was billed on these days.</p>}
      actions={
        <>
          <label class="inline-field">
            <span>By</span>
            <select value={props.of} onChange={(event) => props.onOf(event.currentTarget.value as WorthOf)}>
              <For each={Object.entries(WORTH_OF)}>{([of, label]) => <option value={of}>{label}</option>}</For>
            </select>
          </label>
          <Show when={view() === 'table'}>
            <DownloadButton
              path={props.csvPath}
              fileName="heliox-waste.csv"
              label="Download what the cost was worth as CSV"
            />
          </Show>
          <ViewSwitch of="What the cost was worth" view={view()} onChange={setView} />
        </>
      }
    >
      {(data) => (
        <>
          <Show
            when={view() === 'chart'}
            fallback={
              <WorthTable
                rows={data().rows}
                total={data().total}
                of={WORTH_OF[props.of]}
                explain={props.explain}
                lostJobs={props.lostJobs}
              />
            }
          >
            <Drawing rows={data().rows} of={props.of} />
          </Show>
          <details class="how">
            <summary>How the parts are told from each other</summary>
            <p class="note">{data().how}</p>
          </details>
        </>
      )}
    </Panel>
  )
}

function Drawing(props: { rows: readonly WasteRow[]; of: WorthOf }) {
  const bridges = () => props.rows.slice(0, MOST_BARS).map(bridgeOf)
  const hidden = () => props.rows.length - bridges().length
  const single = () => (props.rows[0]?.kind === 'total' ? bridges()[0] : undefined)
  return (
    <>
      <Show
        when={single()}
        fallback={
          <BridgeBars
            label={`What the cost of each ${WORTH_OF[props.of]} was worth. The table has the exact figures.`}
            bridges={bridges()}
          />
        }
      >
        {(bridge) => (
          <BridgeChart
            label="What the cost was worth, part by part. The table has the exact figures."
            bridge={bridge()}
          />
        )}
      </Show>
      <Show when={!single()}>
        <ul class="legend">
          <For each={TERMS}>
            {({ name, colour, meaning }) => (
              <li title={meaning}>
                <i class="swatch" style={{ background: `var(--${colour})` }} />
                {name}
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={hidden() > 0}>
        <p class="note">{formatCountOf(hidden(), 'more row')} in the table.</p>
      </Show>
    </>
  )
}

function bridgeOf(row: WasteRow): Bridge {
  return {
    name: nameOf(row),
    total: row.totalCostUsd,
    parts: TERMS.map(({ key, name, colour }) => ({ name, colour, amount: row[key] })),
  }
}
