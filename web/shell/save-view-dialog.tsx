import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../api.ts'
import { CopyField } from '../components/copy-field.tsx'
import { FormDialog } from '../components/form-dialog.tsx'
import { TextField } from '../components/text-field.tsx'
import { createForm } from '../forms/create-form.ts'
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
  const done = async () => {
    props.onClose()
    await client.invalidateQueries({ queryKey: SAVED_VIEWS })
  }
  const form = createForm({
    fields: ['name'],
    schema: () =>
      import('../../worker/saved-views/view-input.ts').then(({ NewView, ViewChange }) => (kept ? ViewChange : NewView)),
    read: (fields) => ({
      ...(kept ? { id: kept.id } : { address }),
      ...{ name: String(fields.get('name') ?? ''), isShared: fields.has('isShared') },
    }),
    send: (view): Promise<unknown> =>
      'id' in view ? api.savedViews.update.mutate(view) : api.savedViews.create.mutate(view),
    codes: { 'saved_views.name_taken': 'name' },
    onDone: () => void done(),
  })
  const forget = useMutation(() => ({
    mutationFn: (view: SavedView) => api.savedViews.remove.mutate({ id: view.id }),
    onSuccess: done,
  }))
  return (
    <FormDialog
      title={kept ? 'This view' : 'Keep this view'}
      submit={kept ? 'Change it' : 'Keep it'}
      form={form}
      isNotReady={forget.isPending}
      error={forget.error}
      onClose={props.onClose}
      below={<CopyField label="Link to it" text={window.location.origin + address} copy="Copy the link" />}
    >
      <TextField
        label="Name of the view"
        name="name"
        required
        maxLength={100}
        value={kept?.name ?? ''}
        problem={form.problem('name')}
      />
      <Show when={mayShare()}>
        <label class="check">
          <input type="checkbox" name="isShared" checked={kept?.isShared ?? false} />
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
