import { For, Match, Show, Switch } from 'solid-js'
import { codeOf } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { Icon } from '../../components/icon.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { formatBytes } from '../../format/count.ts'
import { type Upload, useUploads } from '../../uploads/uploads.tsx'
import { ImportProgress } from './import-progress.tsx'
import { UploadResult } from './upload-result.tsx'

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
                  <Show when={upload.importId}>
                    {(importId) => <ImportProgress importId={importId()} fileName={upload.file.name} isBeside />}
                  </Show>
                </Match>
                <Match when={upload.state === 'storing'}>
                  <Show when={upload.importId} fallback={<p class="note">Sent. Reading the file…</p>}>
                    {(importId) => <ImportProgress importId={importId()} fileName={upload.file.name} />}
                  </Show>
                </Match>
                <Match when={upload.state === 'failed'}>
                  <FailureNote title={titleOf(upload.error)} error={upload.error} />
                  <Show when={upload.canGoOn}>
                    <p>
                      <button type="button" class="button" onClick={() => uploads.goOn(upload.id)}>
                        Go on with {upload.file.name}
                      </button>
                    </p>
                  </Show>
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

function titleOf(error: unknown): string {
  if (codeOf(error) === 'ingest.cancelled') return 'Cancelled'
  return codeOf(error) === 'no_answer' ? 'The connection broke off' : 'Nothing of this file was stored'
}
