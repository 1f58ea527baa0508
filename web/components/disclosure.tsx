import { createSignal, createUniqueId, type JSX, onCleanup, onMount, Show } from 'solid-js'

/**
 * A button that opens a small box below itself. Escape, a click elsewhere and `close` shut it; the first two
 * ways by keyboard give the focus back to the button.
 */
export function Disclosure(props: {
  button: JSX.Element
  label?: string
  class?: string
  align?: 'start' | 'end'
  children: (close: () => void) => JSX.Element
}) {
  const [open, setOpen] = createSignal(false)
  const id = createUniqueId()
  let root!: HTMLDivElement
  let button!: HTMLButtonElement
  const close = () => {
    setOpen(false)
    button.focus()
  }
  onMount(() => {
    const onOutside = (event: Event) => {
      if (open() && event.target instanceof Node && !root.contains(event.target)) setOpen(false)
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && open()) close()
    }
    document.addEventListener('pointerdown', onOutside)
    document.addEventListener('focusin', onOutside)
    document.addEventListener('keydown', onKey)
    onCleanup(() => {
      document.removeEventListener('pointerdown', onOutside)
      document.removeEventListener('focusin', onOutside)
      document.removeEventListener('keydown', onKey)
    })
  })
  return (
    <div class="disclosure" ref={root}>
      <button
        ref={button}
        type="button"
        class={props.class ?? 'button'}
        aria-expanded={open()}
        aria-controls={id}
        aria-label={props.label}
        onClick={() => setOpen(!open())}
      >
        {props.button}
      </button>
      <Show when={open()}>
        <div id={id} class="popover" classList={{ 'is-end': props.align === 'end' }}>
          {props.children(close)}
        </div>
      </Show>
    </div>
  )
}
