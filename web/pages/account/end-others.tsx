import { createSignal, Show } from 'solid-js'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'

/** Signs out everywhere else, after asking. */
export function EndOthers(props: { isBusy: boolean; error: unknown; onEnd: () => Promise<unknown> }) {
  const [isAsking, setAsking] = createSignal(false)
  return (
    <>
      <button type="button" class="button" onClick={() => setAsking(true)}>
        Sign out everywhere else
      </button>
      <Show when={isAsking()}>
        <ConfirmDialog
          title="Sign out everywhere else?"
          confirm="Sign out the others"
          isBusy={props.isBusy}
          error={props.error}
          onConfirm={() => props.onEnd()}
          onClose={() => setAsking(false)}
        >
          <p>Every other browser and API client that you signed in is out at its next request. This one stays.</p>
        </ConfirmDialog>
      </Show>
    </>
  )
}
