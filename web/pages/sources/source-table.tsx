import { useMutation } from '@tanstack/solid-query'
import { For, Index, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { RowButton, RowButtons } from '../../components/row-buttons.tsx'
import { formatInstant } from '../../format/day.ts'
import { formatUsd } from '../../format/usd.ts'
import { counted, RunBadge, RunWords } from './run-history.tsx'
import { type Opened, useSettled } from './source-dialogs.tsx'
import type { Kind, Source } from './source-form.ts'

/**
 * Every source in a row: where it pulls from, when, and how the last pull went. Rows go by place: one that changed keeps
 * its buttons, and so the focus that a dialog gives back.
 */
export function SourceTable(props: {
  sources: readonly Source[]
  kinds: readonly Kind[]
  mayWrite: boolean
  onOpen: (dialog: Opened) => void
}) {
  const settle = useSettled()
  const run = useMutation(() => ({
    mutationFn: (id: Source['id']) => api.sources.run.mutate({ id }),
    onSettled: settle,
  }))
  const turn = useMutation(() => ({
    mutationFn: ({ id, version, isEnabled }: Source) =>
      api.sources.update.mutate({ id, version, isEnabled: !isEnabled }),
    onSettled: settle,
  }))
  const labelOf = (kind: Source['kind']) => props.kinds.find((one) => one.kind === kind)?.label ?? kind
  const isRunning = (source: Source) => run.isPending && run.variables === source.id
  return (
    <>
      <Show when={run.error ?? turn.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
      <section class="table-scroll" tabindex="0" aria-label="Sources">
        <table class="sources is-cards">
          <caption class="visually-hidden">Sources by name</caption>
          <thead>
            <tr>
              <For each={['Source', 'Schedule', 'Last run', 'Brought']}>{(title) => <th scope="col">{title}</th>}</For>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <Index each={props.sources}>
              {(source) => (
                <tr>
                  <th scope="row">
                    <span class="source-name">{source().name}</span>
                    <span class="note source-place">
                      {labelOf(source().kind)} · {source().place}
                    </span>
                  </th>
                  <td data-label="Schedule">
                    <div>
                      <Schedule of={source()} />
                    </div>
                  </td>
                  <td data-label="Last run">
                    <Show when={source().lastRun} fallback={<span class="muted">Never</span>}>
                      {(last) => (
                        <div>
                          <p class="nowrap">
                            <RunBadge of={last()} />{' '}
                            <time datetime={last().startedAt}>{formatInstant(last().startedAt)}</time>
                          </p>
                          <RunWords of={last()} />
                        </div>
                      )}
                    </Show>
                  </td>
                  <td data-label="Brought" class="nowrap">
                    <Show when={source().lastRun} fallback={<span class="muted">–</span>}>
                      {(last) => (
                        <div>
                          <p>{formatUsd(last().storedCostUsd)}</p>
                          <p class="note">
                            {counted(last().rows, 'row')}, {counted(last().fileCount, 'file')}
                          </p>
                        </div>
                      )}
                    </Show>
                  </td>
                  <RowButtons
                    of={source().name}
                    mayWrite={props.mayWrite}
                    onOpen={(dialog) => props.onOpen({ dialog, source: source() })}
                  >
                    <Show when={props.mayWrite}>
                      <RowButton
                        name={isRunning(source()) ? 'Pulling…' : 'Run now'}
                        of={source().name}
                        isBusy={run.isPending}
                        onClick={() => run.mutate(source().id)}
                      />
                    </Show>
                    <RowButton
                      name="Runs"
                      of={source().name}
                      onClick={() => props.onOpen({ dialog: 'runs', source: source() })}
                    />
                    <Show when={props.mayWrite}>
                      <RowButton
                        name={source().isEnabled ? 'Pause' : 'Resume'}
                        of={source().name}
                        isBusy={turn.isPending}
                        onClick={() => turn.mutate(source())}
                      />
                    </Show>
                  </RowButtons>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </>
  )
}

function Schedule(props: { of: Source }) {
  return (
    <Show when={props.of.nextDueAt} fallback={<span class="badge">Paused</span>}>
      {(at) => (
        <>
          <p class="nowrap">Every day</p>
          <p class="note">
            {Date.parse(at()) <= Date.now() ? 'Due since ' : 'Next '}
            <time datetime={at()}>{formatInstant(at())}</time>
          </p>
        </>
      )}
    </Show>
  )
}
