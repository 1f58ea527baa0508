import { A } from '@solidjs/router'
import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { formatBytes, formatCountOf } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import type { ImportView } from './history-table.tsx'

const LIMIT = 50

/** Kept files whose import broke off each time: to be read once more, or thrown away. Nothing is shown where there are none. */
export function DeadLetters() {
  const client = useQueryClient()
  const [doomed, setDoomed] = createSignal<ImportView | null>(null)
  const dead = useQuery(() => ({
    queryKey: ['imports.dead'],
    queryFn: () => api.imports.list.query({ kept: 'true', limit: LIMIT }),
  }))
  const replay = useMutation(() => ({
    mutationFn: (importId: string) => api.imports.replay.mutate({ importId }),
    onSettled: () => client.invalidateQueries(),
  }))
  const discard = useMutation(() => ({
    mutationFn: (uploadId: string) => api.uploads.discard.mutate({ uploadId }),
    onSettled: () => client.invalidateQueries(),
  }))
  const list = () => (dead.isPending ? [] : (dead.data?.imports ?? []))
  return (
    <Show when={list().length > 0}>
      <section class="panel" aria-labelledby="dead-letters">
        <header class="panel-head">
          <h2 id="dead-letters">Files that could not be read</h2>
        </header>
        <p class="note">Each was tried several times. They are kept for a month.</p>
        <Show when={replay.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
        <ul class="dead-letters">
          <For each={list()}>
            {(one) => (
              <li>
                <div>
                  <A class="file-name" href={`/imports/${one.importId}`}>
                    {one.fileName || one.importId}
                  </A>
                  <p class="note">
                    {formatBytes(one.bytesExpected)} · {formatCountOf(one.attempts, 'try', 'tries')} ·{' '}
                    {formatInstant(one.startedAt)} · {one.message}
                  </p>
                </div>
                <div class="dead-letter-actions">
                  <button
                    type="button"
                    class="button"
                    disabled={replay.isPending}
                    aria-label={`Read again: ${one.fileName || one.importId}`}
                    onClick={() => replay.mutate(one.importId)}
                  >
                    Read again
                  </button>
                  <button
                    type="button"
                    class="button"
                    aria-label={`Throw away ${one.fileName || one.importId}`}
                    onClick={() => setDoomed(one)}
                  >
                    Throw away
                  </button>
                </div>
              </li>
            )}
          </For>
        </ul>
      </section>
      <Show when={doomed()}>
        {(one) => (
          <ConfirmDialog
            title="Throw the file away?"
            confirm="Throw away"
            isBusy={discard.isPending}
            error={discard.error}
            onConfirm={() => discard.mutateAsync(one().importId)}
            onClose={() => setDoomed(null)}
          >
            <p>
              {one().fileName || one().importId} will have to be sent again. Its import stays in the history as failed.
            </p>
          </ConfirmDialog>
        )}
      </Show>
    </Show>
  )
}
