import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { formatMonth } from '../../format/month.ts'
import { useClosing } from './statement-queries.ts'

/** Asks before a month is closed, and says what that means. */
export function CloseMonth(props: { month: string; onClose: () => void }) {
  const closing = useClosing()
  const demo = useQuery(() => ({ queryKey: ['demo.status'], queryFn: () => api.demo.status.query() }))
  return (
    <ConfirmDialog
      title={`Close ${formatMonth(props.month)}?`}
      confirm="Close for ever"
      isBusy={closing.isPending}
      error={closing.error}
      onConfirm={() => closing.mutateAsync(props.month)}
      onClose={props.onClose}
    >
      <div class="month-closing">
        <p>
          The statement is kept as it is now, for every team, with the names, budgets and the split of shared cost of
          today. It can never be opened, changed or removed again.
        </p>
        <p>
          What is restated later, a corrected bill or a late job, does not change it. The difference stands as an
          adjustment on the statement of the next open month.
        </p>
        <Show when={demo.data?.isLoaded}>
          <p class="is-warning">
            There is demo data in the ledger. A month closed with it keeps it, also when the demo is removed.
          </p>
        </Show>
      </div>
    </ConfirmDialog>
  )
}
