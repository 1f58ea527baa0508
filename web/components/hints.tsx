import { createSignal, onCleanup, onMount, Show } from 'solid-js'
import { onDemand } from '../on-demand.tsx'

const box = onDemand(() => import('./hint-box.tsx'))

/** As long as a pointer has to rest; who comes by key sees the hint at once. */
const REST_MS = 500

/** What a hint is about, and who has it: a field's hint may be said by what stands around it. */
export type Hint = { readonly anchor: HTMLElement; readonly at: HTMLElement; readonly words: string }

/**
 * A word more about whatever has it as `data-hint`, when a pointer rests on it or the focus comes to it by key. One for
 * the whole page: a table of thousands of rows has no part of its own per cell. Its code comes with the first hint.
 */
export function Hints() {
  const [hint, setHint] = createSignal<Hint | null>(null, { equals: (one, other) => one?.anchor === other?.anchor })
  let rest: ReturnType<typeof setTimeout> | undefined
  const go = () => {
    clearTimeout(rest)
    setHint(null)
  }
  const show = (at: HTMLElement) => {
    const anchor = at.closest<HTMLElement>('[data-hint]')
    clearTimeout(rest)
    setHint(anchor?.dataset.hint ? { anchor, at, words: anchor.dataset.hint } : null)
  }
  const over = ({ target, pointerType }: PointerEvent) => {
    clearTimeout(rest)
    if (pointerType === 'touch' || !(target instanceof HTMLElement) || !target.closest('[data-hint]')) return
    void box.fetch()
    rest = setTimeout(() => target.isConnected && show(target), REST_MS)
  }
  const focus = ({ target }: FocusEvent) => {
    // A press is no question, except on words that only explain themselves: a finger has nothing else.
    if (target instanceof HTMLElement && target.matches(':focus-visible, .explained')) show(target)
  }
  onMount(() => {
    const end = new AbortController()
    const { signal } = end
    document.addEventListener('pointerover', over, { signal })
    document.addEventListener('focusin', focus, { signal })
    for (const gone of ['pointerdown', 'focusout'] as const) document.addEventListener(gone, go, { signal })
    onCleanup(() => {
      clearTimeout(rest)
      end.abort()
    })
  })
  return (
    <Show when={hint()} keyed>
      {(one) => <box.Part hint={one} onClose={go} />}
    </Show>
  )
}
