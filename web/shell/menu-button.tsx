import { createSignal, Show } from 'solid-js'
import { Icon } from '../components/icon.tsx'
import { onDemand } from '../on-demand.tsx'
import type { User } from '../user.ts'

const drawer = onDemand(() => import('./drawer.tsx'))

/** Opens the navigation on narrow screens; its code is fetched when a finger or the focus comes near. */
export function MenuButton(props: { user: User }) {
  const [isOpen, setOpen] = createSignal(false)
  const [isWanted, setWanted] = createSignal(false)
  const open = () => {
    setWanted(true)
    setOpen(true)
  }
  return (
    <>
      <button
        type="button"
        class="button is-quiet is-square menu-button"
        aria-label="Menu"
        aria-haspopup="dialog"
        aria-expanded={isOpen()}
        onPointerEnter={drawer.fetch}
        onFocus={drawer.fetch}
        onClick={open}
      >
        <Icon name="menu" />
      </button>
      <Show when={isWanted()}>
        <drawer.Part user={props.user} isOpen={isOpen()} onClose={() => setOpen(false)} />
      </Show>
    </>
  )
}
