import { Tooltip } from '@kobalte/core/tooltip'
import { createUniqueId, onCleanup, type Ref } from 'solid-js'
import type { Hint } from './hints.tsx'

/** The box of a hint, in a file of its own. Escape, scrolling and a pointer that goes elsewhere shut it. */
export default function HintBox(props: { hint: Hint; onClose: () => void }) {
  const id = createUniqueId()
  const { anchor, at, words } = props.hint
  // The library brings a button of its own; what is on the page already takes its part.
  const Adopted = (trigger: { ref?: Ref<HTMLElement> }) => {
    if (typeof trigger.ref === 'function') trigger.ref(anchor)
    return null
  }
  const before = at.getAttribute('aria-describedby')
  // Who hears its name hears the same words already.
  if (at.getAttribute('aria-label') !== words) at.setAttribute('aria-describedby', `${before ?? ''} ${id}`.trim())
  onCleanup(() =>
    before === null ? at.removeAttribute('aria-describedby') : at.setAttribute('aria-describedby', before),
  )
  return (
    <Tooltip
      open
      placement="top"
      gutter={6}
      overflowPadding={8}
      closeDelay={100}
      onOpenChange={(isOpen) => !isOpen && props.onClose()}
    >
      <Tooltip.Trigger as={Adopted} />
      {/* In the part of the page that it is about: what is outside of all parts a screen reader may pass over. */}
      <Tooltip.Portal
        mount={anchor.closest('[role=dialog], main, header') ?? document.body}
        ref={(box) => box.style.setProperty('display', 'contents')}
      >
        <Tooltip.Content id={id} class="hint-box">
          {words}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip>
  )
}
