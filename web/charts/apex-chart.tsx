import type ApexCharts from 'apexcharts'
import type { ApexOptions } from 'apexcharts'
import { createEffect, createSignal, on, onCleanup, onMount, Show } from 'solid-js'

/**
 * The only place that knows the chart library. It loads with the first chart, not with the app; new options
 * change the drawing in place. `label` tells in words what the drawing shows. Where the library does not load
 * the table still has the numbers, and a sentence says so.
 */
export function ApexChart(props: { options: ApexOptions; height: number; label: string; class?: string }) {
  let host!: HTMLDivElement
  const [failed, setFailed] = createSignal(false)

  onMount(() => {
    let chart: ApexCharts | undefined
    let gone = false
    let create: ((options: ApexOptions) => ApexCharts) | undefined
    // A donut that is updated keeps its old slices (apexcharts 4.7.0), so it is drawn anew.
    const draw = (options: ApexOptions) => {
      if (chart && options.chart?.type !== 'donut') return void chart.updateOptions(options, false, false)
      chart?.destroy()
      chart = create?.(options)
      return chart?.render()
    }
    const drawn = import('apexcharts')
      .then(async ({ default: Chart }) => {
        if (gone) return
        create = (options) => new Chart(host, options)
        await draw(props.options)
      })
      .catch(() => setFailed(true))
    // Options may change many times before the library is there; only the last ones are drawn.
    createEffect(
      on(
        () => props.options,
        (next) =>
          void drawn.then(() => {
            if (next === props.options && !gone) draw(next)
          }),
        { defer: true },
      ),
    )
    onCleanup(() => {
      gone = true
      chart?.destroy()
    })
  })

  return (
    <Show
      when={!failed()}
      fallback={<p class="note">The chart could not be loaded. The table has the same numbers.</p>}
    >
      <div
        ref={host}
        class={`chart ${props.class ?? ''}`}
        style={{ 'min-height': `${props.height}px` }}
        role="img"
        aria-label={props.label}
      />
    </Show>
  )
}
