import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { createEffect, createSignal, onCleanup, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { formatBytes, formatCount, formatCountOf } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'
import { hasEnded, type Progress, progressOf, watchImport } from '../../uploads/watch-import.ts'
import type { ImportView } from './history-table.tsx'

/**
 * One import under way, by its id: a bar over its bytes, its rows and dollars and how fast they come, and the way to stop
 * it. `isBeside`: below another bar, for what is still being sent.
 */
export function ImportProgress(props: { importId: string; fileName: string; isBeside?: boolean }) {
  const client = useQueryClient()
  const [progress, setProgress] = createSignal<Progress>()
  const [first, setFirst] = createSignal<{ rows: number; atMs: number }>()
  const cancelling = useMutation(() => ({
    mutationFn: () => api.imports.cancel.mutate({ importId: props.importId }),
  }))
  createEffect(() => {
    const stop = watchImport(props.importId, (now) => {
      setProgress(now)
      if (now.rowsRead > 0 && !first()) setFirst({ rows: now.rowsRead, atMs: Date.now() })
      if (hasEnded(now)) void client.invalidateQueries()
    })
    onCleanup(stop)
  })
  const rate = () => {
    const [now, start] = [progress(), first()]
    const seconds = start ? (Date.now() - start.atMs) / 1000 : 0
    return now && start && seconds >= 1 ? Math.round((now.rowsRead - start.rows) / seconds) : 0
  }
  const isStoppable = () => ['queued', 'reading', 'interrupted'].includes(progress()?.status ?? 'queued')
  return (
    <div class="import-progress">
      <Show when={!props.isBeside}>
        <Show
          when={progress()?.status === 'reading' && shareOf(progress()) !== null}
          fallback={<progress aria-label={`Progress of ${props.fileName}`} />}
        >
          <progress max={1} value={shareOf(progress()) ?? 0} aria-label={`Progress of ${props.fileName}`} />
        </Show>
      </Show>
      <p class="note">
        <Show when={progress()} fallback="Reading the file…">
          {(now) => (
            <>
              {wordsOf(now())}
              <Show when={now().status === 'reading' && rate() > 0}> · {formatCount(rate())} rows/s</Show>
            </>
          )}
        </Show>
      </p>
      <Show when={isStoppable() && !cancelling.isSuccess}>
        <button
          type="button"
          class="button"
          disabled={cancelling.isPending}
          aria-label={`Cancel ${props.fileName}`}
          onClick={() => cancelling.mutate()}
        >
          Cancel
        </button>
      </Show>
      <Show when={cancelling.isSuccess && !hasEnded(progress() ?? { status: 'queued' })}>
        <p class="note" role="status">
          Cancelling…
        </p>
      </Show>
      <Show when={cancelling.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
    </div>
  )
}

/** "45%, 120,000 rows", for an import of somebody else in a list. */
export function progressWords(one: ImportView): string {
  const now = progressOf(one)
  const share = shareOf(now)
  return `${share === null ? '' : `${Math.floor(share * 100)}%, `}${formatCountOf(now.rowsRead, 'row')}`
}

/** The part of the file that has been read; null where its length is not known. */
function shareOf(progress: Progress | undefined): number | null {
  if (!progress || progress.bytesExpected === 0) return null
  return Math.min(1, progress.bytesRead / progress.bytesExpected)
}

function wordsOf(now: Progress): string {
  if (now.status === 'queued') return 'Waiting to be read'
  const verb = now.status === 'storing' ? 'Storing' : now.status === 'interrupted' ? 'Interrupted' : 'Reading'
  const bytes = now.bytesExpected > 0 ? ` · ${formatBytes(now.bytesRead)} of ${formatBytes(now.bytesExpected)}` : ''
  const dollars = now.fileCostUsd === null || now.rowsRead === 0 ? '' : ` · ${formatUsd(now.fileCostUsd)}`
  const stored = now.rowsStored > 0 ? `, ${formatCount(now.rowsStored)} stored` : ''
  return `${verb}: ${formatCountOf(now.rowsRead, 'row')} read${stored}${dollars}${bytes}`
}
