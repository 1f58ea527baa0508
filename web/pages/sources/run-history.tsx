import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Pager } from '../../components/pager.tsx'
import { Panel } from '../../components/panel.tsx'
import { formatCount } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { formatUsd } from '../../format/usd.ts'
import type { Source } from './source-form.ts'

export type Run = Answers['sources']['runs']['runs'][number]

const LIMIT = 20
const STATUS = {
  running: ['Running', 'is-busy'],
  success: ['Success', 'is-good'],
  failed: ['Failed', 'is-bad'],
} as const

export function RunBadge(props: { of: Run }) {
  return <span class={`badge ${STATUS[props.of.status][1]}`}>{STATUS[props.of.status][0]}</span>
}

/** "1 row", "1,204 rows". */
export function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`
}

/** What became of a run, in words: its message, and when it is tried again. */
export function RunWords(props: { of: Run }) {
  return (
    <>
      <p class="run-message">{props.of.message}</p>
      <Show when={props.of.nextAttemptAt}>
        {(at) => (
          <p class="note">
            Tried {props.of.attempts === 1 ? 'once' : `${props.of.attempts} times`}, again from {formatInstant(at())}{' '}
            on.
          </p>
        )}
      </Show>
    </>
  )
}

/** Every pull of a source, the latest first, each with the imports it made. */
export function RunHistory(props: { of: Source; onClose: () => void }) {
  const [skip, setSkip] = createSignal(0)
  const runs = useQuery(() => ({
    queryKey: ['sources', 'runs', props.of.id, skip()],
    queryFn: () => api.sources.runs.query({ id: props.of.id, skip: skip(), limit: LIMIT }),
    refetchInterval: ({ state }) => (state.data?.runs.some(({ status }) => status === 'running') ? 3_000 : false),
  }))
  return (
    <Dialog title={`Runs of ${props.of.name}`} onClose={props.onClose}>
      <Panel
        title="Runs"
        query={runs}
        minHeight={200}
        isEmpty={(data) => data.total === 0}
        empty={<p>It has not been pulled yet.</p>}
      >
        {(data) => (
          <>
            <ul class="runs">
              <For each={data().runs}>
                {(run) => (
                  <li>
                    <p>
                      <RunBadge of={run} /> <time datetime={run.startedAt}>{formatInstant(run.startedAt)}</time>{' '}
                      <span class="note">by {run.actor}</span>
                    </p>
                    <p>
                      {counted(run.fileCount, 'file')}, {counted(run.rows, 'row')}, {formatUsd(run.storedCostUsd)}
                    </p>
                    <RunWords of={run} />
                    <Show when={run.imports.length > 0}>
                      <p class="note run-imports">
                        Imports:{' '}
                        <For each={run.imports}>{(id) => <A href={`/imports/${id}`}>{id.replace('imp_', '#')}</A>}</For>
                      </p>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
            <Pager of="the runs" page={data()} onSkip={setSkip} />
          </>
        )}
      </Panel>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => props.onClose()}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
