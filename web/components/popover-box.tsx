import { Popover } from '@kobalte/core/popover'
import type { JSX } from 'solid-js'

/** The box of a `Disclosure`, in a file of its own: it comes with the first box that is opened, and stays in sight. */
export default function PopoverBox(props: {
  id: string
  /** The button that opened it. */
  anchor: HTMLElement
  name: string
  align: 'start' | 'end'
  /** Escape: the focus goes back to the button. */
  onClose: () => void
  /** A click or the focus elsewhere. */
  onLeave: () => void
  children: JSX.Element
}) {
  let isLeft = false
  const leave = (event: Event & { target: EventTarget | null }) => {
    // The button shuts it by itself; shut here first, its click would open it again.
    if (event.target instanceof Node && props.anchor.contains(event.target)) event.preventDefault()
    else isLeft = true
  }
  return (
    <Popover
      open
      anchorRef={() => props.anchor}
      placement={props.align === 'end' ? 'bottom-end' : 'bottom-start'}
      gutter={6}
      overflowPadding={8}
      onOpenChange={(isOpen) => !isOpen && (isLeft ? props.onLeave() : props.onClose())}
    >
      <Popover.Content id={props.id} class="popover" aria-label={props.name} onInteractOutside={leave}>
        {props.children}
      </Popover.Content>
    </Popover>
  )
}
