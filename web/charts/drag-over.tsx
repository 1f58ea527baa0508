import { createSignal, type JSX, onCleanup, onMount, Show } from 'solid-js'
import type { Day } from '../../db/units/time.ts'
import type { Days } from '../choice/range.ts'
import { columnsBetween } from './columns-between.ts'

/** Shorter drags are clicks, in pixels. */
const LEAST = 8

type Drag = { readonly from: number; readonly to: number }

/**
 * Around a chart of one column per day: dragging over columns by mouse hands out the days below them, Escape lets go.
 * The library drags on number axes alone (apexcharts 4.7.0). Fingers scroll the page here and use the strip.
 */
export function DragOver(props: {
  days: readonly Day[]
  onZoom: ((days: Days) => void) | undefined
  ref: (element: HTMLDivElement) => void
  children: JSX.Element
}) {
  let frame!: HTMLDivElement
  const [drag, setDrag] = createSignal<Drag | null>(null)
  /** Where the columns are, across the frame. */
  const plot = () => {
    const grid = frame.querySelector('.apexcharts-grid')?.getBoundingClientRect()
    const own = frame.getBoundingClientRect()
    return grid && grid.width > 0 ? { left: grid.left - own.left, width: grid.width, frameLeft: own.left } : null
  }
  const onDown = (down: PointerEvent) => {
    const area = plot()
    if (!props.onZoom || !area || down.pointerType !== 'mouse' || down.button !== 0) return
    const at = (event: PointerEvent) =>
      Math.min(area.left + area.width, Math.max(area.left, event.clientX - area.frameLeft))
    const from = at(down)
    const listening = new AbortController()
    const { signal } = listening
    const end = () => {
      listening.abort()
      setDrag(null)
    }
    const onMove = (move: PointerEvent) => setDrag(Math.abs(at(move) - from) < LEAST ? null : { from, to: at(move) })
    const onUp = (up: PointerEvent) => {
      const isDrag = drag() !== null
      const to = at(up)
      end()
      if (!isDrag) return
      const [first, last] = columnsBetween(from - area.left, to - area.left, area.width, props.days.length)
      props.onZoom?.({ start: props.days[first]!, end: props.days[last]! })
    }
    window.addEventListener('pointermove', onMove, { signal })
    window.addEventListener('pointerup', onUp, { signal })
    window.addEventListener('pointercancel', end, { signal })
    window.addEventListener('keydown', (event) => event.key === 'Escape' && end(), { signal })
  }
  onMount(() => {
    frame.addEventListener('pointerdown', onDown)
    onCleanup(() => frame.removeEventListener('pointerdown', onDown))
  })
  return (
    <div
      class="drag-over"
      classList={{ 'is-draggable': props.onZoom !== undefined, 'is-dragging': drag() !== null }}
      ref={(element) => {
        frame = element
        props.ref(element)
      }}
    >
      {props.children}
      <Show when={drag()}>
        {(now) => (
          <i
            class="drag-area"
            style={{
              left: `${Math.min(now().from, now().to)}px`,
              width: `${Math.abs(now().to - now().from)}px`,
            }}
          />
        )}
      </Show>
    </div>
  )
}
