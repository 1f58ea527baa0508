import { type JSX, onCleanup, onMount } from 'solid-js'

/**
 * A dialog that is open as long as it is there. Closing it, by whatever way, calls `onClose`, and the focus goes back
 * to where it was. A locked one does not close at Escape: what it shows is not shown again.
 */
export function Modal(props: { title: string; isLocked?: boolean; onClose: () => void; children: JSX.Element }) {
  let dialog!: HTMLDialogElement
  let isGone = false
  onMount(() => dialog.showModal())
  onCleanup(() => {
    isGone = true
    dialog.close() // gives the focus back before another dialog may take it
  })
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-label={props.title}
      onCancel={(event) => props.isLocked && event.preventDefault()}
      onClose={() => isGone || props.onClose()}
    >
      <h2>{props.title}</h2>
      {props.children}
    </dialog>
  )
}
