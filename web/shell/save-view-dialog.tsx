import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api, codeOf, failureOf } from '../api.ts'
import { CopyField } from '../components/copy-field.tsx'
import { FormDialog } from '../components/form-dialog.tsx'
import { TextField } from '../components/text-field.tsx'
import { SAVED_VIEWS, type SavedView } from '../saved-views.ts'
import { useUser } from '../user.ts'

/** Asks what an address is to be called and who finds it; a view that is kept already is renamed, shared or forgotten. */
export default function SaveViewDialog(props: { address: string; kept: SavedView | undefined; onClose: () => void }) {
  const client = useQueryClient()
  const user = useUser()
  /** A viewer may take back what is shared, and share nothing. */
  const mayShare = () => user()?.role !== 'viewer' || kept?.isShared
  // As it was when the dialog opened: the list may be asked again meanwhile.
  const { kept, address } = { kept: props.kept, address: props.address }
  const [isShared, setShared] = createSignal(kept?.isShared ?? false)
  const done = async () => {
    props.onClose()
    await client.invalidateQueries({ queryKey: SAVED_VIEWS })
  }
  const keep = useMutation(() => ({
    mutationFn: (name: string): Promise<unknown> =>
      kept
        ? api.savedViews.update.mutate({ id: kept.id, name, isShared: isShared() })
        : api.savedViews.create.mutate({ name, address, isShared: isShared() }),
    onSuccess: done,
  }))
  const forget = useMutation(() => ({
    mutationFn: (view: SavedView) => api.savedViews.remove.mutate({ id: view.id }),
    onSuccess: done,
  }))
  const nameProblem = () =>
    keep.error && ['saved_views.name_taken', 'request.invalid'].includes(codeOf(keep.error))
      ? (failureOf(keep.error).details[0] ?? failureOf(keep.error).message)
      : undefined
  return (
    <FormDialog
      title={kept ? 'This view' : 'Keep this view'}
      submit={kept ? 'Change it' : 'Keep it'}
      isBusy={keep.isPending || forget.isPending}
      error={nameProblem() ? undefined : (keep.error ?? forget.error)}
      onSubmit={(form) => keep.mutate(String(form.get('name') ?? ''))}
      onClose={props.onClose}
      below={<CopyField label="Link to it" text={window.location.origin + address} copy="Copy the link" />}
    >
      <TextField
        label="Name of the view"
        name="name"
        required
        maxLength={100}
        value={kept?.name ?? ''}
        problem={nameProblem()}
      />
      <Show when={mayShare()}>
        <label class="check">
          <input type="checkbox" checked={isShared()} onChange={(event) => setShared(event.currentTarget.checked)} />
          <span>Show it in everybody’s navigation</span>
        </label>
      </Show>
      <p class="note">
        Whoever opens it sees the figures that their own role and teams allow. A relative range stays relative.
      </p>
      <Show when={kept}>
        {(view) => (
          <p>
            <button type="button" class="link" disabled={forget.isPending} onClick={() => forget.mutate(view())}>
              Forget this view
            </button>
          </p>
        )}
      </Show>
    </FormDialog>
  )
}
