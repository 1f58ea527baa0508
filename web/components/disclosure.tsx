import { createSignal, createUniqueId, type JSX, lazy, Show } from 'solid-js'

const PopoverBox = lazy(() => import('./popover-box.tsx'))

/**
 * A button that opens a small box beside itself. Escape, a click elsewhere and `close` shut it; the ways by keyboard
 * give the focus back to the button. What keeps the box in sight is fetched when somebody points at the button.
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
  let button!: HTMLButtonElement
  const close = () => {
    setOpen(false)
    button.focus()
  }
  const fetchBox = () => void PopoverBox.preload()
  return (
    <div class="disclosure">
      <button
        ref={button}
        type="button"
        class={props.class ?? 'button'}
        aria-haspopup="dialog"
        aria-expanded={open()}
        aria-controls={open() ? id : undefined}
        aria-label={props.label}
        onPointerEnter={fetchBox}
        onFocus={fetchBox}
        onClick={() => setOpen(!open())}
      >
        {props.button}
      </button>
      <Show when={open()}>
        <PopoverBox
          id={id}
          anchor={button}
          name={props.label ?? button.textContent ?? ''}
          align={props.align ?? 'start'}
          onClose={close}
          onLeave={() => setOpen(false)}
        >
          {props.children(close)}
        </PopoverBox>
      </Show>
    </div>
  )
}
