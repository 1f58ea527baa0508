import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../../api.ts'
import { Dialog } from '../../components/dialog.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Skeleton } from '../../components/panel.tsx'
import { PriceTable } from './price-table.tsx'

/** Every price that a model had, has, or will have. */
export function HistoryDialog(props: { model: string; onClose: () => void }) {
  const history = useQuery(() => ({
    queryKey: ['prices.models.list', { model: props.model }],
    queryFn: () => api.prices.models.list.query({ model: props.model, limit: 100 }),
  }))
  return (
    <Dialog title={`Prices of ${props.model}`} onClose={props.onClose}>
      <Show
        when={history.data}
        fallback={
          <Show when={history.isError} fallback={<Skeleton label="Loading the history" />}>
            <FailureNote title="Could not load this" error={history.error} onRetry={() => history.refetch()} />
          </Show>
        }
      >
        {(data) => <PriceTable prices={data().prices} mayWrite={false} />}
      </Show>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => props.onClose()}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
