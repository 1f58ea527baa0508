import { type Accessor, createEffect, createSignal, onCleanup, onMount } from 'solid-js'

/**
 * Keeps the focus at a row while rows come and go. A row that is not here yet, or was scrolled away, has no link that
 * could have it: the box has it meanwhile, so that keys still work and Tab goes on from here, and the row gets it as soon
 * as it is here. Once the reader is elsewhere nothing is taken back. `watch`: reads what the rows on screen depend on.
 */
export function useHeldFocus(box: () => HTMLElement, watch: (row: number) => void) {
  const [held, hold] = createSignal<number | null>(null)
  let isOwn = false
  const focus = (element: HTMLElement) => {
    isOwn = true
    element.focus({ preventScroll: true })
    isOwn = false
  }
  createEffect(() => {
    const row = held()
    if (row === null) return
    watch(row)
    const focused = document.activeElement
    const isHere = focused === null || focused === document.body || box().contains(focused)
    const link = box().querySelector<HTMLElement>(`[data-row="${row}"] a`)
    if (isHere && focused !== (link ?? box())) focus(link ?? box())
  })
  const onFocusIn = (event: FocusEvent) => {
    if (isOwn) return
    const row = (event.target as Element).closest('th a')?.closest<HTMLElement>('[data-row]')?.dataset.row
    hold(row === undefined ? null : Number(row))
  }
  const onFocusOut = ({ relatedTarget }: FocusEvent) => {
    if (!isOwn && relatedTarget !== null && !box().contains(relatedTarget as Node)) hold(null)
  }
  const onPointerDown = (event: Event) => {
    if (!(event.target as Element).closest('[data-row] a')) hold(null)
  }
  onMount(() => {
    box().addEventListener('focusin', onFocusIn)
    box().addEventListener('focusout', onFocusOut)
    document.addEventListener('pointerdown', onPointerDown, true)
  })
  onCleanup(() => document.removeEventListener('pointerdown', onPointerDown, true))
  return { held: held as Accessor<number | null>, hold }
}
