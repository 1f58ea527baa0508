import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { For, Index, Show } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { RowButton } from '../../components/row-buttons.tsx'
import { formatBytes, formatCount } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'

type Backup = Answers['backups']['list']['backups'][number]

const STATUS: Record<Backup['status'], readonly [string, string]> = {
  running: ['Running', 'is-busy'],
  good: ['Good', 'is-good'],
  failed: ['Failed', 'is-bad'],
}

/** Every backup in a row, the newest first; one that is being made says how far it is. */
export function BackupTable(props: { backups: readonly Backup[] }) {
  const client = useQueryClient()
  const verify = useMutation(() => ({
    mutationFn: (id: string) => api.backups.verify.mutate({ id }),
    onSettled: () => client.invalidateQueries({ queryKey: ['backups'] }),
  }))
  return (
    <>
      <Show when={verify.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
      <section class="table-scroll" tabindex="0" aria-label="Backups">
        <table class="checks is-cards">
          <caption class="visually-hidden">Backups, the newest first</caption>
          <thead>
            <tr>
              <For each={['Made', 'Status', 'Rows', 'Size', 'Read back']}>
                {(title) => <th scope="col">{title}</th>}
              </For>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <Index each={props.backups}>
              {(backup) => (
                <tr>
                  <th scope="row">
                    <time datetime={backup().madeAt}>{formatInstant(backup().madeAt)}</time>
                    <span class="note check-words">
                      by {backup().madeBy}
                      <Show when={backup().sha256}> · SHA-256 {backup().sha256.slice(0, 12)}…</Show>
                    </span>
                  </th>
                  <td data-label="Status">
                    <div>
                      <span class={`badge ${STATUS[backup().status][1]}`}>{STATUS[backup().status][0]}</span>
                      <Show when={backup().message}>
                        <span class="note check-words">{backup().message}</span>
                      </Show>
                    </div>
                  </td>
                  <td data-label="Rows" class="nowrap">
                    <Show when={backup().status === 'running'} fallback={formatCount(backup().rows)}>
                      <progress
                        value={backup().rows}
                        max={Math.max(1, backup().rowsExpected)}
                        aria-label="Rows that are written"
                      />
                    </Show>
                  </td>
                  <td data-label="Size" class="nowrap">
                    {backup().bytes > 0 ? formatBytes(backup().bytes) : '–'}
                  </td>
                  <td data-label="Read back">
                    <Show when={backup().verifiedAt} fallback={<span class="muted">–</span>}>
                      {(at) => <time datetime={at()}>{formatInstant(at())}</time>}
                    </Show>
                  </td>
                  <td class="row-actions">
                    <Show when={backup().sha256}>
                      <RowButton
                        name="Verify"
                        of={formatInstant(backup().madeAt)}
                        isBusy={verify.isPending && verify.variables === backup().id}
                        onClick={() => verify.mutate(backup().id)}
                      />
                      <a
                        class="button is-quiet"
                        href={`/api/v1/backups/${backup().id}/file`}
                        download=""
                        aria-label={`Download the backup of ${formatInstant(backup().madeAt)}`}
                      >
                        Download
                      </a>
                    </Show>
                  </td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </>
  )
}
