import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import type { ImportView } from './history-table.tsx'
import { removalWords } from './removal-words.ts'

/** Says what goes with an import, what counts again and what stays, and asks first. */
export function RemoveImport(props: {
  of: ImportView
  bills: Answers['imports']['bills']
  /** Rows of its quarantine that other imports have read again. */
  resolvedRows: number
  onClose: () => void
}) {
  const client = useQueryClient()
  const { importId, fileName } = props.of
  const words = () => removalWords(props.of, props.bills)
  const remove = useMutation(() => ({
    mutationFn: () => api.imports.remove.mutate({ importId }),
    onSuccess: (now) => client.setQueryData(['imports.get', importId], now),
    onSettled: () => void client.invalidateQueries(),
  }))
  return (
    <ConfirmDialog
      title={`Remove ${fileName || importId}?`}
      confirm="Remove import"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <div class="import-removal">
        <Lines title="Goes" lines={words().goes} />
        <Lines title="Counts again" lines={words().back} />
        <Lines title="Stays" lines={words().stays} />
        <Show when={props.resolvedRows > 0}>
          <p>
            <strong>Stays:</strong> rows of its quarantine that were read again. They are imports of their own.
          </p>
        </Show>
        <p class="note">The import stays in the history as removed, with its quarantined rows.</p>
        <Show when={remove.isPending}>
          <div role="status">
            <progress aria-label="Removing the import" />
            <p class="note">
              Many rows take a while. If it is cut off, remove the import again, and it goes on from there.
            </p>
          </div>
        </Show>
      </div>
    </ConfirmDialog>
  )
}

function Lines(props: { title: string; lines: readonly string[] }) {
  return (
    <For each={props.lines}>
      {(line) => (
        <p>
          <strong>{props.title}:</strong> {line}
        </p>
      )}
    </For>
  )
}
