import * as Dialog from '@kobalte/core/dialog'
import type { User } from '../user.ts'
import { PaletteSearch } from './palette-search.tsx'

/** Every page, view, team, model and job by a part of its name, and what can be done anywhere. */
export default function Palette(props: { user: User; isOpen: boolean; onClose: () => void }) {
  let isLeaving = false
  const leave = () => {
    isLeaving = true
    props.onClose()
  }
  /** After a change of page its heading has the focus; closed otherwise, it goes back to where it was. */
  const keepFocus = (event: Event) => {
    if (isLeaving) event.preventDefault()
    isLeaving = false
  }
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay class="drawer-shade" />
        <Dialog.Content class="palette" onCloseAutoFocus={keepFocus}>
          <Dialog.Title class="visually-hidden">Go to</Dialog.Title>
          <PaletteSearch user={props.user} onLeave={leave} onClose={props.onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
