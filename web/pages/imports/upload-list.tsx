import { useQuery } from '@tanstack/solid-query'
import { For, Match, Show, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { Icon } from '../../components/icon.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { formatBytes, formatCount, formatCountOf } from '../../format/count.ts'
import { type Upload, useUploads } from '../../uploads/uploads.tsx'
import { UploadResult } from './upload-result.tsx'

const POLL_MS = 700

/** The files of this visit: waiting, on their way, being stored, and what became of them. */
export function UploadList() {
  const uploads = useUploads()
  return (
    <Show when={uploads.list.length > 0}>
      <ul class="uploads" aria-label="Uploads">
        <For each={uploads.list.toReversed()}>
          {(upload) => (
            <li class="panel">
              <UploadHead upload={upload} onDismiss={() => uploads.dismiss(upload.id)} />
              <Switch>
                <Match when={upload.state === 'waiting'}>
                  <p class="note">Waiting for the file before it.</p>
                </Match>
                <Match when={upload.state === 'sending'}>
                  <Sending upload={upload} />
                </Match>
                <Match when={upload.state === 'storing'}>
                  <Storing />
                </Match>
                <Match when={upload.state === 'failed'}>
                  <FailureNote title="Nothing of this file was stored" error={upload.error} />
                </Match>
                <Match when={upload.answer}>{(answer) => <UploadResult answer={answer()} />}</Match>
              </Switch>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}

function UploadHead(props: { upload: Upload; onDismiss: () => void }) {
  return (
    <div class="upload-head">
      <b class="file-name">{props.upload.file.name}</b>
      <span class="note">{formatBytes(props.upload.file.size)}</span>
      <Show when={props.upload.answer}>
        {(answer) => <StatusBadge status={answer().status} isDryRun={answer().dry_run} />}
      </Show>
      <Show when={props.upload.state === 'done' || props.upload.state === 'failed'}>
        <button
          type="button"
          class="button is-quiet is-square"
          aria-label={`Dismiss ${props.upload.file.name}`}
          onClick={() => props.onDismiss()}
        >
          <Icon name="close" />
        </button>
      </Show>
    </div>
  )
}

function Sending(props: { upload: Upload }) {
  return (
    <>
      <progress
        max={props.upload.file.size}
        value={props.upload.sentBytes}
        aria-label={`Sending ${props.upload.file.name}`}
      />
      <p class="note">
        Sending: {formatBytes(props.upload.sentBytes)} of {formatBytes(props.upload.file.size)}
      </p>
    </>
  )
}

/** Rows so far, as the server counts them; the bar has no end, since nobody knows how many rows there are. */
function Storing() {
  const running = useQuery(() => ({
    queryKey: ['imports.running'],
    queryFn: () => api.imports.list.query({ skip: 0, limit: 5 }),
    refetchInterval: POLL_MS,
    staleTime: 0,
  }))
  const current = () => {
    const imports = running.isPending ? [] : (running.data?.imports ?? [])
    return imports.find(({ status }) => status === 'reading' || status === 'storing')
  }
  return (
    <>
      <progress aria-label="Storing rows" />
      <p class="note" aria-live="polite">
        <Show when={current()} fallback="Sent. Reading the file…">
          {(now) => (
            <>
              {now().status === 'storing' ? 'Storing' : 'Reading'}: {formatCountOf(now().rowsRead, 'row')} read,{' '}
              {formatCount(now().inserted + now().updated)} stored
            </>
          )}
        </Show>
      </p>
    </>
  )
}
