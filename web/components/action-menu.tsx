import { createSignal, createUniqueId, type JSX, Show } from 'solid-js'
import { onDemand } from '../on-demand.tsx'

const box = onDemand(() => import('./action-menu-box.tsx'))

/** One thing that a menu does. */
export type Action = {
  readonly words: string
  /** More about it, beside the words. */
  readonly hint?: string
  readonly run: () => void
}

/** Where the focus is when a menu opens: at its first action, at its last, or at the menu itself after a press. */
export type MenuStart = 'first' | 'last' | 'menu'

/**
 * A button that opens a menu of actions. Arrows go through it, Enter takes one, Escape shuts it and gives the focus back
 * to the button. Its code is fetched when somebody points at the button.
 */
export function ActionMenu(props: {
  button: JSX.Element
  label: string
  class?: string
  /** Above the actions. */
  about?: JSX.Element
  actions: readonly Action[]
}) {
  const [start, setStart] = createSignal<MenuStart | null>(null)
  const id = createUniqueId()
  let button!: HTMLButtonElement
  const close = () => {
    setStart(null)
    button.focus()
  }
  const fetchBox = () => void box.fetch()
  return (
    <div class="disclosure">
      <button
        ref={button}
        type="button"
        class={props.class ?? 'button'}
        aria-haspopup="menu"
        aria-expanded={start() !== null}
        aria-controls={start() === null ? undefined : id}
        aria-label={props.label}
        onPointerEnter={fetchBox}
        onFocus={fetchBox}
        // A press by a key has no clicks.
        onClick={({ detail }) => setStart(start() === null ? (detail === 0 ? 'first' : 'menu') : null)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          setStart(event.key === 'ArrowDown' ? 'first' : 'last')
        }}
      >
        {props.button}
      </button>
      <Show when={start()}>
        {(from) => (
          <box.Part
            id={id}
            anchor={button}
            name={props.label}
            start={from()}
            about={props.about}
            actions={props.actions}
            onClose={close}
            onLeave={() => setStart(null)}
          />
        )}
      </Show>
    </div>
  )
}
