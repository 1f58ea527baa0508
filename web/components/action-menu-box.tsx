import { DropdownMenu } from '@kobalte/core/dropdown-menu'
import { For, type JSX, onCleanup, onMount, Show } from 'solid-js'
import type { Action, MenuStart } from './action-menu.tsx'

/** The list of an `ActionMenu`, in a file of its own: it comes with the first menu that is opened. */
export default function ActionMenuBox(props: {
  id: string
  /** The button that opened it. */
  anchor: HTMLElement
  name: string
  start: MenuStart
  about: JSX.Element
  actions: readonly Action[]
  /** Escape, or an action was taken: the focus goes back to the button. */
  onClose: () => void
  /** A press or the focus elsewhere. */
  onLeave: () => void
}) {
  let menu!: HTMLElement
  let isLeft = false
  const leave = (event: Event & { target: EventTarget | null }) => {
    // The button shuts it by itself; shut here first, its click would open it again.
    if (event.target instanceof Node && props.anchor.contains(event.target)) event.preventDefault()
    else isLeft = true
  }
  const take = (action: Action) => {
    // First, so that what the action gives the focus to keeps it.
    props.onClose()
    action.run()
  }
  onMount(() => {
    if (props.start === 'menu') return
    const choose = () => {
      const items = menu.querySelectorAll<HTMLElement>('[role=menuitem]')
      items[props.start === 'first' ? 0 : items.length - 1]?.focus()
    }
    // After the library, which gives the focus to the menu one turn after it is there.
    let timer = setTimeout(() => {
      timer = setTimeout(choose)
    })
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <DropdownMenu
      open
      modal={false}
      placement="bottom-end"
      gutter={6}
      overflowPadding={8}
      getAnchorRect={() => props.anchor.getBoundingClientRect()}
      onOpenChange={(isOpen) => !isOpen && (isLeft ? props.onLeave() : props.onClose())}
    >
      <DropdownMenu.Content
        ref={menu}
        id={props.id}
        class="popover action-menu"
        aria-label={props.name}
        onInteractOutside={leave}
      >
        <DropdownMenu.Group>
          <Show when={props.about}>
            <DropdownMenu.GroupLabel class="action-menu-about">{props.about}</DropdownMenu.GroupLabel>
          </Show>
          <For each={props.actions}>
            {(action) => (
              <DropdownMenu.Item
                class="action-menu-item"
                closeOnSelect={false}
                // A turn later: what is left of the press, or of Enter, must not reach the button that gets the focus.
                onSelect={() => setTimeout(() => take(action))}
              >
                {action.words}
                <Show when={action.hint}>
                  <span class="note">{action.hint}</span>
                </Show>
              </DropdownMenu.Item>
            )}
          </For>
        </DropdownMenu.Group>
      </DropdownMenu.Content>
    </DropdownMenu>
  )
}
