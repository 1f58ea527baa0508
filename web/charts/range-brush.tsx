import { Slider } from '@kobalte/core/slider'
import type { ApexOptions } from 'apexcharts'
import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js'
import type { Day } from '../../db/units/time.ts'
import type { Days } from '../choice/range.ts'
import { formatCountOf } from '../format/count.ts'
import { formatDays, formatFullDay } from '../format/day.ts'
import { ApexAside } from './apex-chart.tsx'
import { resolveColour } from './colours.ts'
import { everyDay } from './whole-range.ts'
import type { Zoom } from './zoom.ts'

const HEIGHT = 44
/** Arrow keys come one after the other: the page follows when they rest. */
const REST_MS = 400

/**
 * The strip below a long chart: the whole range in small with two handles, and the way back to it. Handles move by mouse,
 * finger and arrow keys; when they rest, the days between them become the page's range.
 */
export default function RangeBrush(props: { zoom: Zoom; shown: Days; amounts: readonly number[] | undefined }) {
  const days = createMemo(() => everyDay(props.zoom.whole() ?? props.shown))
  const indexOf = (day: Day, fallback: number) => {
    const at = days().indexOf(day)
    return at < 0 ? fallback : at
  }
  const shown = () => [indexOf(props.shown.start, 0), indexOf(props.shown.end, days().length - 1)]
  const [ends, setEnds] = createSignal(shown())
  createEffect(on([() => props.shown, days], () => setEnds(shown()), { defer: true }))
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))
  /** By mouse or finger: the page follows when it lets go. */
  let isHeld = false
  const hold = () => {
    isHeld = true
    const release = () => {
      isHeld = false
    }
    window.addEventListener('pointerup', release, { once: true })
  }
  const rest = ([from = 0, to = 0]: number[]) => {
    clearTimeout(timer)
    timer = setTimeout(() => props.zoom.zoomTo({ start: days()[from]!, end: days()[to]! }), REST_MS)
  }
  const out = () => {
    clearTimeout(timer)
    props.zoom.zoomOut()
  }
  const part = (at: number) => `${(at / Math.max(1, days().length)) * 100}%`
  const between = () => ({ start: days()[ends()[0] ?? 0]!, end: days()[ends()[1] ?? 0]! })
  return (
    <div class="brush">
      <div on:pointerdown={{ handleEvent: hold, capture: true }}>
        <Slider
          class="brush-slider"
          value={ends()}
          aria-label="Days shown"
          onChange={(next) => {
            setEnds(next)
            if (!isHeld) rest(next)
          }}
          onChangeEnd={(next) => {
            isHeld = false
            rest(next)
          }}
          minValue={0}
          maxValue={Math.max(1, days().length - 1)}
        >
          <div class="brush-drawing">
            <ApexAside options={optionsOf(props.amounts ?? [])} height={HEIGHT} />
            <i class="brush-veil" style={{ left: 0, width: part(ends()[0] ?? 0) }} />
            <i class="brush-veil" style={{ right: 0, width: part(days().length - 1 - (ends()[1] ?? 0)) }} />
          </div>
          <Slider.Track class="brush-track">
            <Slider.Thumb
              class="brush-handle"
              aria-label="First day shown"
              aria-valuetext={formatFullDay(between().start)}
            />
            <Slider.Thumb
              class="brush-handle"
              aria-label="Last day shown"
              aria-valuetext={formatFullDay(between().end)}
            />
          </Slider.Track>
        </Slider>
      </div>
      <p class="brush-words note">
        <span>
          {formatDays(between().start, between().end)}
          <Show when={props.zoom.isZoomed()} fallback={': drag the handles, or over the columns, to look closer.'}>
            {` of ${formatCountOf(days().length, 'day')}.`}
          </Show>
        </span>
        <Show when={props.zoom.isZoomed()}>
          <button type="button" class="link" onClick={out}>
            Whole range
          </button>
        </Show>
      </p>
    </div>
  )
}

function optionsOf(amounts: readonly number[]): ApexOptions {
  return {
    chart: { type: 'bar', height: HEIGHT, sparkline: { enabled: true }, animations: { enabled: false } },
    series: [{ name: 'Whole range', data: [...amounts] }],
    colors: [resolveColour('muted')],
    plotOptions: { bar: { columnWidth: '90%' } },
    states: { active: { filter: { type: 'none' } }, hover: { filter: { type: 'none' } } },
    tooltip: { enabled: false },
  }
}
