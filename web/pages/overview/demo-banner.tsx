import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'

/** Says that the figures are made up, and takes them away on request of who may. */
export function DemoBanner(props: { mayRemove: boolean }) {
  const client = useQueryClient()
  const demo = useQuery(() => ({ queryKey: ['demo.status'], queryFn: () => api.demo.status.query() }))
  const remove = useMutation(() => ({
    mutationFn: () => api.demo.remove.mutate(),
    onSuccess: () => client.invalidateQueries(),
  }))
  const [isAsking, setAsking] = createSignal(false)
  return (
    <Show when={!demo.isPending && demo.data?.isLoaded}>
      <div class="banner">
        <p>You are looking at demo data.</p>
        <Show when={props.mayRemove}>
          <button type="button" class="link" onClick={() => setAsking(true)}>
            Remove
          </button>
        </Show>
        <Show when={isAsking()}>
          <ConfirmDialog
            title="Remove the demo data?"
            confirm="Remove demo data"
            isBusy={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutateAsync()}
            onClose={() => setAsking(false)}
          >
            <p>The made-up bills and jobs disappear. Whatever you imported yourself stays as it is.</p>
          </ConfirmDialog>
        </Show>
      </div>
    </Show>
  )
}
