import * as Dialog from '@kobalte/core/dialog'
import { useLocation } from '@solidjs/router'
import { createEffect, on } from 'solid-js'
import { Icon } from '../components/icon.tsx'
import type { User } from '../user.ts'
import { Navigation } from './navigation.tsx'
import { returnFocus } from './return-focus.ts'

/** The navigation where there is no room beside the page: over it, until a link or Escape closes it. */
export default function Drawer(props: { user: User; isOpen: boolean; onClose: () => void }) {
  const location = useLocation()
  const focus = returnFocus()
  createEffect(
    on(
      () => location.pathname + location.search,
      () => {
        if (!props.isOpen) return
        focus.leave()
        props.onClose()
      },
      { defer: true },
    ),
  )
  /** The page that is open already is a way out too, and so is what opens the palette. */
  const onClick = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('a[aria-current=page], .nav-more')) props.onClose()
  }
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay class="drawer-shade" />
        <Dialog.Content
          class="drawer"
          onClick={onClick}
          onOpenAutoFocus={focus.onOpenAutoFocus}
          onCloseAutoFocus={focus.onCloseAutoFocus}
        >
          <div class="drawer-head">
            <Dialog.Title class="drawer-title">Pages</Dialog.Title>
            <Dialog.CloseButton class="button is-quiet is-square" aria-label="Close the menu">
              <Icon name="close" />
            </Dialog.CloseButton>
          </div>
          <Navigation user={props.user} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
