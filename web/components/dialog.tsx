import { Dialog as Modal } from '@kobalte/core/dialog'
import { type JSX, onCleanup } from 'solid-js'
import { focusFirst, rememberFocus } from './dialog-focus.ts'

/**
 * A modal box that is open as long as it is there. Closing it, Escape too, calls `onClose`, and the caller takes it out
 * of the page; taken out, it gives the focus back to where it was. A click beside it does nothing. A locked one goes only
 * when its caller takes it out: what it shows is not shown again.
 */
export function Dialog(props: { title: string; isLocked?: boolean; onClose: () => void; children: JSX.Element }) {
  // At once, and not a moment after as the library does: another dialog may take this one's place.
  onCleanup(rememberFocus())
  let box: HTMLDivElement | undefined
  // Not a turn later, as the library does: by then the reader may be at another field, which would lose the next key.
  const takeFocus = (event: Event) => {
    event.preventDefault()
    queueMicrotask(() => box && focusFirst(box))
  }
  return (
    <Modal open preventScroll={false} onOpenChange={(isOpen) => !isOpen && !props.isLocked && props.onClose()}>
      <Modal.Portal>
        <Modal.Overlay class="dialog-backdrop" />
        <Modal.Content
          ref={box}
          class="dialog"
          onOpenAutoFocus={takeFocus}
          onPointerDownOutside={(event) => event.preventDefault()}
        >
          <Modal.Title>{props.title}</Modal.Title>
          {props.children}
        </Modal.Content>
      </Modal.Portal>
    </Modal>
  )
}
