import { A } from '@solidjs/router'
import type { UseQueryResult } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { Panel } from '../../components/panel.tsx'
import { formatRatio } from '../../format/change.ts'
import { formatHours } from '../../format/count.ts'
import type { Utilization } from './queries.ts'

/** Each pool over all days; its name shows only its GPU type. */
export function PoolsPanel(props: {
  query: UseQueryResult<Utilization>
  isWhole: boolean
  onPick: (gpuType: string) => void
  /** Where the jobs that held it are listed. */
  jobs: (pool: { provider: string; gpuType: string }) => string
}) {
  return (
    <Panel
      title="Pools"
      query={props.query}
      minHeight={200}
      isEmpty={({ pools }) => pools.length === 0}
      empty={<p>Nothing was billed, held or measured on these days.</p>}
    >
      {(data) => (
        <section class="table-scroll" tabindex="0" aria-label="Pools">
          <table>
            <caption class="visually-hidden">GPU-hours of each pool</caption>
            <thead>
              <tr>
                <th scope="col">Pool</th>
                <For
                  each={props.isWhole ? ['Held', 'Capacity', 'Idle share', 'Busy while held', 'Measured'] : ['Held']}
                >
                  {(name) => (
                    <th scope="col" class="number">
                      {name}
                    </th>
                  )}
                </For>
              </tr>
            </thead>
            <tbody>
              <For each={data().pools}>
                {({ provider, gpuType, totals }) => (
                  <tr>
                    <th scope="row" class="nowrap">
                      <button type="button" class="link pool-link" onClick={() => props.onPick(gpuType)}>
                        {gpuType || '(not GPUs)'} on {provider}
                      </button>
                    </th>
                    <td class="number">
                      <Show when={Number(totals.heldGpuHours) > 0} fallback={formatHours(totals.heldGpuHours)}>
                        <A class="explain-link" href={props.jobs({ provider, gpuType })} data-hint="List the jobs">
                          {formatHours(totals.heldGpuHours)}
                          <span class="visually-hidden">
                            {' '}
                            GPU-hours: jobs on {gpuType}, {provider}
                          </span>
                        </A>
                      </Show>
                    </td>
                    <Show when={props.isWhole}>
                      <td class="number">
                        <Show when={totals.capacityGpuHours} fallback={<span class="muted">not known</span>}>
                          {(hours) => formatHours(hours())}
                        </Show>
                        <Show when={totals.isEstimated}>
                          <span class="muted"> estimated</span>
                        </Show>
                      </td>
                      <td class="number">{formatRatio(totals.idleShare)}</td>
                      <td class="number">
                        <Show when={totals.busyOfHeldShare !== null} fallback={<span class="muted">not measured</span>}>
                          {formatRatio(totals.busyOfHeldShare)}
                        </Show>
                      </td>
                      <td class="number">{formatRatio(totals.measuredShare)}</td>
                    </Show>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  )
}
