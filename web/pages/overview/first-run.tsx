import { A } from '@solidjs/router'
import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { api } from '../../api.ts'
import { DropZone } from '../../components/drop-zone.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Icon } from '../../components/icon.tsx'
import { useUploads } from '../../uploads/uploads.tsx'
import { hasEnded } from '../../uploads/watch-import.ts'
import type { User } from '../../user.ts'
import { FirstCommands } from '../imports/first-commands.tsx'
import { UploadList } from '../imports/upload-list.tsx'
import type { FirstRunState } from './first-run-state.ts'

const HOW = { format: 'auto', source: '', isDryRun: false } as const

/** An empty installation: what Heliox needs, the ways to bring it, and how far that is. */
export default function FirstRun(props: { user: User; state: FirstRunState }) {
  const uploads = useUploads()
  const jobsOnly = () => !props.user.seesWholeCompany
  return (
    <div class="first-run">
      <section class="panel first-run-intro" aria-labelledby="first-run-title">
        <h2 id="first-run-title">Nothing has been imported yet</h2>
        <p>
          {jobsOnly()
            ? 'Heliox shows what your teams’ jobs cost. Send what your scheduler knows of them; the bill is imported by an administrator.'
            : 'Heliox joins what you pay for GPUs with who used them. Bring a bill, then your scheduler’s jobs: the first chart appears by itself.'}
        </p>
        <Steps state={props.state} jobsOnly={jobsOnly()} />
      </section>
      <div class="first-run-ways">
        <Show when={props.user.role === 'admin'}>
          <DemoWay />
        </Show>
        <section class="panel" aria-labelledby="way-file">
          <h2 id="way-file">Upload a file</h2>
          <DropZone
            accept=""
            what={jobsOnly() ? 'Job exports' : 'Bills (FOCUS, AWS, GCP, Azure and more) and job exports'}
            onFiles={(files) => uploads.add(files, HOW)}
          />
        </section>
        <Show when={props.user.role === 'admin'}>
          <section class="panel" aria-labelledby="way-source">
            <h2 id="way-source">Connect a source</h2>
            <p>A bucket with cost exports, Prometheus or OpenCost: Heliox then fetches what is new every night.</p>
            <p>
              <A class="button" href="/sources">
                Set up a source
              </A>
            </p>
          </section>
        </Show>
      </div>
      <UploadList />
      <section class="panel" aria-label="Commands to copy">
        <FirstCommands jobsOnly={jobsOnly()} />
      </section>
    </div>
  )
}

function DemoWay() {
  const client = useQueryClient()
  const load = useMutation(() => ({
    mutationFn: () => api.demo.load.mutate(),
    onSuccess: () => client.invalidateQueries(),
  }))
  return (
    <section class="panel" aria-labelledby="way-demo">
      <h2 id="way-demo">Look around first</h2>
      <p>90 days of a made-up company: five teams, seven pools. One click takes them away again.</p>
      <p>
        <button type="button" class="button is-primary" disabled={load.isPending} onClick={() => load.mutate()}>
          {load.isPending ? 'Loading demo data…' : 'Load demo data'}
        </button>
      </p>
      <Show when={load.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
    </section>
  )
}

type Step = 'there' | 'coming' | 'missing'

/** What is there, what is on its way and what is still missing, in the order in which it is needed. */
function Steps(props: { state: FirstRunState; jobsOnly: boolean }) {
  const uploads = useUploads()
  const coming = (kind: 'costs' | 'jobs') => props.state.imports().find((one) => one.kind === kind && !hasEnded(one))
  const stepOf = (kind: 'costs' | 'jobs'): Step =>
    props.state.has(kind) ? 'there' : coming(kind) ? 'coming' : 'missing'
  const isBusy = () =>
    uploads.list.some(({ state }) => state !== 'done' && state !== 'failed') ||
    props.state.imports().some((one) => !hasEnded(one))
  const steps = () => [
    ...(props.jobsOnly
      ? []
      : [{ name: 'A bill: what was paid', state: stepOf('costs'), rows: coming('costs')?.rowsRead }]),
    { name: 'Jobs: who used it', state: stepOf('jobs'), rows: coming('jobs')?.rowsRead },
    { name: 'The first chart', state: (isBusy() ? 'coming' : 'missing') as Step, rows: undefined },
  ]
  const done = () => steps().filter(({ state }) => state === 'there').length
  return (
    <>
      <progress class="first-run-bar" max={steps().length} value={done()} aria-label="Steps done" />
      <ol class="first-run-steps" aria-live="polite">
        <For each={steps()}>
          {({ name, state, rows }) => (
            <li class={`is-${state}`}>
              <span class="step-mark" aria-hidden="true">
                <Show when={state === 'there'}>
                  <Icon name="check" />
                </Show>
              </span>
              {name}
              <span class="muted">
                {WORDS[state]}
                {rows ? `: ${rows.toLocaleString('en-US')} rows` : ''}
              </span>
            </li>
          )}
        </For>
      </ol>
    </>
  )
}

const WORDS: Record<Step, string> = { there: 'there', coming: 'on its way', missing: 'not yet' }
