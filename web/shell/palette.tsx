import * as Dialog from '@kobalte/core/dialog'
import type { User } from '../user.ts'
import type { PaletteStart } from './open-palette.ts'
import { PaletteSearch } from './palette-search.tsx'
import { returnFocus } from './return-focus.ts'

/** Every page, view, team, model and job by a part of its name, and what can be done anywhere. */
export default function Palette(props: { user: User; start: PaletteStart; isOpen: boolean; onClose: () => void }) {
  const focus = returnFocus()
  const leave = () => {
    focus.leave()
    props.onClose()
  }
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay class="drawer-shade" />
        <Dialog.Content
          class="palette"
          onOpenAutoFocus={focus.onOpenAutoFocus}
          onCloseAutoFocus={focus.onCloseAutoFocus}
        >
          <Dialog.Title class="visually-hidden">Go to</Dialog.Title>
          <PaletteSearch user={props.user} start={props.start} onLeave={leave} onClose={props.onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
