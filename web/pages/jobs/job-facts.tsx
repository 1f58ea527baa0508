import { A } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import type { Basis, FilterName } from '../../choice/choice.ts'
import { explainAddress } from '../../choice/explain-address.ts'
import type { Days } from '../../choice/range.ts'
import { formatHours } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { teamName } from '../../format/row-name.ts'
import { daysOfJob } from './days-of-job.ts'
import { isServing } from './is-serving.ts'
import { JobStatus } from './job-status.tsx'

type JobAlone = Answers['jobs']['get']

/** What is known of a job. Each name leads to all jobs that share it, each source to where it came from. */
export function JobFacts(props: { job: JobAlone; basis: Basis }) {
  const job = () => props.job
  const alike = (name: FilterName, value: string) =>
    `/jobs?${new URLSearchParams([
      ['time', 'any'],
      [name, value],
    ])}`
  const days = (): Days | null => daysOfJob(job())
  return (
    <>
      <dl class="job-facts">
        <Fact title="Status">
          <JobStatus status={job().status} />
        </Fact>
        <Fact title="Team">
          <A class="link" href={alike('team_id', job().teamId)}>
            {teamName(job().teamName)}
          </A>
          <Show when={job().sourceTeamName}>
            {(name) => <span class="note"> by a rule; its file says {name()}</span>}
          </Show>
        </Fact>
        <Fact title="Model">
          <Show when={job().modelName} fallback={<span class="muted">not named</span>}>
            <A class="link" href={alike('model_name', job().modelName)}>
              {job().modelName}
            </A>
          </Show>
        </Fact>
        <Fact title="GPUs">
          {job().gpuCount} ×{' '}
          <A class="link" href={alike('gpu_type', job().gpuType)}>
            {job().gpuType}
          </A>{' '}
          at{' '}
          <A class="link" href={alike('provider', job().provider)}>
            {job().provider}
          </A>
        </Fact>
        <Fact title="Started">{job().startedAt ? formatInstant(job().startedAt ?? '') : 'not yet'}</Fact>
        <Fact title="Ended">
          <Show when={job().endedAt} fallback={job().status === 'running' ? 'runs; counted up to now' : '–'}>
            {(ended) => (
              <>
                {formatInstant(ended())}
                <Show when={job().startedAt}>
                  {(started) => <span class="note"> after {hoursBetween(started(), ended())}</span>}
                </Show>
              </>
            )}
          </Show>
        </Fact>
        <Show when={job().jobName}>
          <Fact title="Name">{job().jobName}</Fact>
        </Show>
        <Show when={job().userName}>
          <Fact title="Run by">{job().userName}</Fact>
        </Show>
        <Show when={isServing(job())}>
          <Fact title="Kind">
            Serving: the deployment {job().jobId} of{' '}
            <A class="link" href={`/unit-economics?${new URLSearchParams({ model: job().modelName })}`}>
              {job().modelName}
            </A>
          </Fact>
        </Show>
        <Show when={!isServing(job()) && (job().source || job().run)}>
          <Fact title="Scheduler">{[job().source, job().run && `run ${job().run}`].filter(Boolean).join(', ')}</Fact>
        </Show>
        <Fact title="Brought by">
          <Origin job={job()} />
        </Fact>
      </dl>
      <Show when={days()}>
        {(known) => (
          <p>
            <A
              class="link"
              href={explainAddress(
                { basis: props.basis, filters: [{ name: 'team_id', value: job().teamId }] },
                known(),
              )}
            >
              What else its team paid for on these days
            </A>
          </p>
        )}
      </Show>
    </>
  )
}

/** "2 hours", "0.3 hours". */
function hoursBetween(start: string, end: string): string {
  const hours = (Date.parse(end) - Date.parse(start)) / 3_600_000
  return `${formatHours(`${hours}`)} ${hours === 1 ? 'hour' : 'hours'}`
}

function Fact(props: { title: string; children: JSX.Element }) {
  return (
    <div>
      <dt>{props.title}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

function Origin(props: { job: JobAlone }) {
  const changed = () =>
    props.job.changedByImportId !== props.job.createdByImportId ? props.job.changedByImportId : null
  return (
    <>
      <Show when={props.job.createdByImportId} fallback="by hand, or an import of others">
        {(id) => (
          <A class="link" href={`/imports/${id()}`} title={id()}>
            {props.job.createdByFileName || id()}
          </A>
        )}
      </Show>
      <Show when={changed()}>
        {(id) => (
          <>
            , changed by{' '}
            <A class="link" href={`/imports/${id()}`} title={id()}>
              {props.job.changedByFileName || id()}
            </A>
          </>
        )}
      </Show>
    </>
  )
}
