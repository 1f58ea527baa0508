import { type Accessor, createSignal, onCleanup, onMount } from 'solid-js'

/** The width of an element in CSS pixels, followed as it changes; 0 before it is on screen. */
export function createWidth(element: () => HTMLElement): Accessor<number> {
  const [width, setWidth] = createSignal(0)
  onMount(() => {
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)))
    setWidth(element().clientWidth)
    observer.observe(element())
    onCleanup(() => observer.disconnect())
  })
  return width
}
