import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** Below this, as in data-table.css, a row is a card. */
const NARROW = '(max-width: 640px)'

/** Whether the screen is too narrow for columns, followed as it is turned or made wider. */
export function useNarrow(): Accessor<boolean> {
  const media = window.matchMedia(NARROW)
  const [isNarrow, setNarrow] = createSignal(media.matches)
  const follow = () => setNarrow(media.matches)
  media.addEventListener('change', follow)
  onCleanup(() => media.removeEventListener('change', follow))
  return isNarrow
}
