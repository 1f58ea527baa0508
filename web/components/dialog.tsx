import { createUniqueId, type JSX, onCleanup, onMount } from 'solid-js'
import { holdFocus } from './dialog-focus.ts'

/**
 * A modal box that is open as long as it is there. Closing it, Escape too, calls `onClose`, and the caller takes it out
 * of the page; taken out, it gives the focus back to where it was. A locked one goes only when its caller takes it out:
 * what it shows is not shown again.
 */
export function Dialog(props: { title: string; isLocked?: boolean; onClose: () => void; children: JSX.Element }) {
  const id = createUniqueId()
  let dialog!: HTMLDialogElement
  let isGone = false
  let giveBack = () => {}
  onMount(() => {
    giveBack = holdFocus(dialog, () => !props.isLocked && props.onClose())
    dialog.showModal()
  })
  onCleanup(() => {
    isGone = true
    dialog.close()
    giveBack() // before another dialog may take the focus
  })
  const closed = (event: Event) => {
    if (isGone || event.target !== dialog) return
    // By a gesture or a button of the device, where `closedby` is not known.
    if (props.isLocked) dialog.showModal()
    else props.onClose()
  }
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      closedby={props.isLocked ? 'none' : 'closerequest'}
      onClose={closed}
    >
      <h2 id={id}>{props.title}</h2>
      {props.children}
    </dialog>
  )
}
