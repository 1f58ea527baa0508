import { useLocation } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { onDemand } from '../on-demand.tsx'
import { useSavedViews } from '../saved-views.ts'
import { placeAt } from './trail.ts'

const dialog = onDemand(() => import('./save-view-dialog.tsx'))

/** Keeps what the address bar says under a name, to find it again or to share it. On a view that is kept: to change it. */
export function SaveView() {
  const location = useLocation()
  const { views } = useSavedViews()
  const [isOpen, setOpen] = createSignal(false)
  const address = () => location.pathname + location.search
  const kept = () => views().find((view) => view.isMine && view.address === address())
  return (
    <Show when={placeAt(location.pathname)}>
      <button
        type="button"
        class="button is-quiet save-view"
        aria-haspopup="dialog"
        onPointerEnter={dialog.fetch}
        onFocus={dialog.fetch}
        onClick={() => setOpen(true)}
      >
        <Show when={kept()} fallback="Keep this view">
          {(view) => <span class="nav-view">Kept: {view().name}</span>}
        </Show>
      </button>
      <Show when={isOpen()}>
        <dialog.Part address={address()} kept={kept()} onClose={() => setOpen(false)} />
      </Show>
    </Show>
  )
}
