import { createEffect, createSignal, on, onCleanup, onMount, Show } from 'solid-js'
import { Icon } from '../components/icon.tsx'
import { onDemand } from '../on-demand.tsx'
import type { User } from '../user.ts'
import { type PaletteStart, paletteAsked } from './open-palette.ts'

const palette = onDemand(() => import('./palette.tsx'))
const isApple = /Mac|iP(hone|ad|od)/.test(navigator.platform)

/** Opens the command palette, as ⌘K and Ctrl+K do anywhere; its code is fetched when it comes near. */
export function PaletteButton(props: { user: User }) {
  const [isOpen, setOpen] = createSignal(false)
  const [isWanted, setWanted] = createSignal(false)
  const [start, setStart] = createSignal<PaletteStart>('all')
  const open = (from: PaletteStart = 'all') => {
    setStart(from)
    setWanted(true)
    setOpen(true)
  }
  createEffect(on(paletteAsked, (asked) => asked && open(asked.start), { defer: true }))
  onMount(() => {
    const onKey = (event: KeyboardEvent) => {
      const isOurs = event.key.toLowerCase() === 'k' && (isApple ? event.metaKey : event.ctrlKey)
      if (!isOurs || event.altKey || event.shiftKey || event.isComposing) return
      // What stands in another dialog would be lost sight of, and its Escape would be two dialogs' Escape.
      if (document.querySelector('dialog[open], [role=dialog]:not(.palette), [role=alertdialog]')) return
      event.preventDefault()
      if (isOpen()) setOpen(false)
      else open()
    }
    document.addEventListener('keydown', onKey)
    onCleanup(() => document.removeEventListener('keydown', onKey))
  })
  return (
    <>
      <button
        type="button"
        class="button palette-button"
        aria-haspopup="dialog"
        aria-keyshortcuts={isApple ? 'Meta+K' : 'Control+K'}
        onPointerEnter={palette.fetch}
        onFocus={palette.fetch}
        onClick={() => open()}
      >
        <Icon name="search" />
        <span class="palette-word">Go to…</span>
        <span class="palette-keys" aria-hidden="true">
          {isApple ? '⌘K' : 'Ctrl K'}
        </span>
      </button>
      <Show when={isWanted()}>
        <palette.Part user={props.user} start={start()} isOpen={isOpen()} onClose={() => setOpen(false)} />
      </Show>
    </>
  )
}
