import { createUniqueId, type JSX, onMount } from 'solid-js'

/**
 * A modal box that opens as soon as it is there. `onClose` comes when it has closed, by Escape too, and the browser has
 * given the focus back to where it was; the caller then takes it out of the page. `children` get the way to close it.
 */
export function Dialog(props: { title: string; onClose: () => void; children: (close: () => void) => JSX.Element }) {
  const id = createUniqueId()
  let dialog!: HTMLDialogElement
  onMount(() => dialog.showModal())
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onClose={(event) => event.target === dialog && props.onClose()} // one inside this one closes, too
    >
      <h2 id={id}>{props.title}</h2>
      {props.children(() => dialog.close())}
    </dialog>
  )
}
