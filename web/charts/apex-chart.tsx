import type ApexCharts from 'apexcharts'
import type { ApexOptions } from 'apexcharts'
import { createEffect, createSignal, on, onCleanup, onMount, Show } from 'solid-js'
import { offerDrawing } from './drawing.ts'

/**
 * The only place that draws with the chart library. It loads with the first chart, not with the app; new options
 * change the drawing in place. `label` tells in words what the drawing shows, `amounts` are those
 * that a saved file writes beside its names. Where the library does not load a sentence
 * says so, with a way to load it again.
 */
export function ApexChart(props: {
  options: ApexOptions
  height: number
  label: string
  class?: string
  amounts?: readonly string[]
}) {
  const [failed, setFailed] = createSignal(false)
  offerDrawing(() => ({ options: props.options, height: props.height, amounts: props.amounts }))
  return (
    <Show when={!failed()} fallback={<NotLoaded height={props.height} />}>
      <Canvas {...props} onFail={() => setFailed(true)} />
    </Show>
  )
}

/** A small drawing beside a chart, which no file holds and no reader of the screen needs. */
export function ApexAside(props: { options: ApexOptions; height: number }) {
  return <Canvas options={props.options} height={props.height} onFail={() => undefined} />
}

function Canvas(props: { options: ApexOptions; height: number; label?: string; class?: string; onFail: () => void }) {
  let host!: HTMLDivElement

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
      .catch(() => props.onFail())
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
    <div
      ref={host}
      class={`chart ${props.class ?? ''}`}
      style={{ 'min-height': `${props.height}px` }}
      {...(props.label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': props.label })}
    />
  )
}

/** A browser remembers that a script did not come, so that only the page asked anew asks for it anew. */
function NotLoaded(props: { height: number }) {
  return (
    <div class="chart-failed" style={{ 'min-height': `${props.height}px` }} role="alert">
      <p class="note">The chart could not be loaded. The table has the same numbers.</p>
      <button type="button" class="button" onClick={() => window.location.reload()}>
        Load the page again
      </button>
    </div>
  )
}
