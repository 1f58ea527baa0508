import { ConfirmDialog } from '../../components/confirm-dialog.tsx'

/** Signs out everywhere else, after asking. */
export function EndOthers(props: { isBusy: boolean; error: unknown; onEnd: () => Promise<unknown> }) {
  let show = () => {}
  return (
    <>
      <button type="button" class="button" onClick={() => show()}>
        Sign out everywhere else
      </button>
      <ConfirmDialog
        title="Sign out everywhere else?"
        confirm="Sign out the others"
        isBusy={props.isBusy}
        error={props.error}
        onConfirm={() => props.onEnd()}
        open={(open) => {
          show = open
        }}
      >
        <p>Every other browser and API client that you signed in is out at its next request. This one stays.</p>
      </ConfirmDialog>
    </>
  )
}
