import { useNavigate } from '@solidjs/router'
import type { UseQueryResult } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { type Bridge, BridgeBars, BridgeChart } from '../../charts/bridge-chart.tsx'
import { ChartPanel } from '../../charts/chart-panel.tsx'
import { type Filter, type FilterName, withFilter } from '../../choice/choice.ts'
import { explainAddress } from '../../choice/explain-address.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { Explained } from '../../components/explained.tsx'
import { formatCountOf } from '../../format/count.ts'
import { formatDays } from '../../format/day.ts'
import { fileNameOf } from '../../format/file-name.ts'
import { nameOf, TERMS, type Waste, type WasteRow, WORTH_OF, type WorthOf } from './queries.ts'
import { WorthTable } from './worth-table.tsx'

const MOST_BARS = 12

/** What the cost was worth: five parts that sum to it, in total, per team or per pool. */
export function WorthPanel(props: {
  choice: ChoiceControl
  query: UseQueryResult<Waste>
  of: WorthOf
  csvPath: string
  onOf: (of: WorthOf) => void
  /** Where a row's cost, or the total's (null), is explained; undefined: nowhere. */
  explain: (row: WasteRow | null) => string | undefined
  /** Where the jobs are listed whose work came to nothing. */
  lostJobs: string
}) {
  const navigate = useNavigate()
  const pick = (row: WasteRow) => {
    const filters = filtersOf(row)
    if (filters.length > 0)
      props.choice.change({ filters: filters.reduce(withFilter, [...props.choice.choice().filters]) })
  }
  /** A part leads to the work that came to nothing, or to all of the cost, where idle time is told from use. */
  const explainPart = (key: TermKey) => {
    const { filters } = props.choice.choice()
    const lost = (['failed', 'cancelled'] as const).map((value): Filter => ({ name: 'status', value }))
    const wanted = key === 'lostWorkCostUsd' ? lost.reduce(withFilter, [...filters]) : filters
    return explainAddress({ basis: 'usage', filters: wanted }, props.choice.choice().range)
  }
  return (
    <ChartPanel
      id="worth"
      title="What the cost was worth"
      about={`By ${WORTH_OF[props.of].toLowerCase()}, ${formatDays(props.choice.days().start, props.choice.days().end)}`}
      query={props.query}
      minHeight={260}
      isEmpty={({ rows, total }) => rows.length === 0 || (total.totalCostUsd === '0.00' && total.heldGpuHours === '0')}
      empty={<p>Nothing was billed on these days.</p>}
      csv={{
        path: props.csvPath,
        fileName: fileNameOf('utilisation', ['worth', WORTH_OF[props.of]], props.choice.days()),
      }}
      controls={
        <label class="inline-field">
          <span>By</span>
          <select value={props.of} onChange={(event) => props.onOf(event.currentTarget.value as WorthOf)}>
            <For each={Object.entries(WORTH_OF)}>{([of, label]) => <option value={of}>{label}</option>}</For>
          </select>
        </label>
      }
      chart={(data) => (
        <Drawing rows={data().rows} of={props.of} onPick={pick} onPart={(key) => navigate(explainPart(key))} />
      )}
      table={(data) => (
        <WorthTable
          rows={data().rows}
          total={data().total}
          of={WORTH_OF[props.of]}
          onPick={pick}
          canPick={(row) => filtersOf(row).length > 0}
          explain={props.explain}
          explainPart={explainPart}
          lostJobs={props.lostJobs}
        />
      )}
      below={(data) => (
        <details class="how">
          <summary>How the parts are told from each other</summary>
          <p class="note">{data().how}</p>
        </details>
      )}
    />
  )
}

type TermKey = (typeof TERMS)[number]['key']

/** The filters that show only this row; none for what nobody had. */
function filtersOf({ kind, teamId, provider, gpuType }: WasteRow): Filter[] {
  if (kind !== 'owner') return []
  const all = { provider, gpu_type: gpuType, team_id: teamId }
  return Object.entries(all).flatMap(([name, value]) => (value ? [{ name: name as FilterName, value }] : []))
}

function Drawing(props: {
  rows: readonly WasteRow[]
  of: WorthOf
  onPick: (row: WasteRow) => void
  onPart: (key: TermKey) => void
}) {
  const bridges = () => props.rows.slice(0, MOST_BARS).map(bridgeOf)
  const hidden = () => props.rows.length - bridges().length
  const single = () => (props.rows[0]?.kind === 'total' ? bridges()[0] : undefined)
  return (
    <>
      <Show
        when={single()}
        fallback={
          <BridgeBars
            label={`What the cost of each ${WORTH_OF[props.of]} was worth`}
            bridges={bridges()}
            onPick={(at) => props.onPick(props.rows[at]!)}
          />
        }
      >
        {(bridge) => (
          <BridgeChart
            label="What the cost was worth, part by part"
            bridge={bridge()}
            onPick={(at) => props.onPart(TERMS[at]!.key)}
          />
        )}
      </Show>
      <Show when={!single()}>
        <ul class="legend">
          <For each={TERMS}>
            {({ name, colour, meaning }) => (
              <li>
                <i class="swatch" style={{ background: `var(--${colour})` }} />
                <Explained words={name} meaning={meaning} />
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
