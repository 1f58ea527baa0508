import { createUniqueId, For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { TextField } from '../../components/text-field.tsx'
import { changedTexts, type Texts, textsIn } from '../../forms/changed-fields.ts'
import type { Form } from '../../forms/create-form.ts'
import { useTeams } from '../../teams.ts'
import { useUser } from '../../user.ts'
import { JOB_STATUS_WORDS } from './job-status.tsx'

export type JobNow = Answers['jobs']['get']
type TeamId = JobNow['teamId']
type Status = JobNow['status']

/** The fields that say themselves what the server thinks of them, under the server's names. */
export const JOB_FIELDS = [
  ...['job_id', 'team_id', 'user_name', 'job_name', 'model_name', 'provider', 'gpu_type', 'gpu_count'],
  ...['start_time', 'end_time', 'status', 'source'],
]

const NAMES = [
  ...(['jobId', 'teamId', 'userName', 'jobName', 'modelName', 'provider', 'gpuType', 'gpuCount'] as const),
  ...(['startTime', 'endTime', 'status', 'source'] as const),
] as const
type Name = (typeof NAMES)[number]

/** What a job says, as the fields show it: instants in UTC, to the second. */
function textsOf(job: JobNow): Texts<Name> {
  const { jobId, teamId, userName, jobName, modelName, provider, gpuType, gpuCount, status, source } = job
  const clock = (iso: string | null) => iso?.slice(0, 19) ?? ''
  return {
    ...{ jobId, teamId, userName, jobName, modelName, provider, gpuType, gpuCount: `${gpuCount}`, status, source },
    ...{ startTime: clock(job.startedAt), endTime: clock(job.endedAt) },
  }
}

/** All that is said of a job by hand. */
export function JobFields(props: { of?: JobNow; problem: Form['problem'] }) {
  const texts = props.of && textsOf(props.of)
  const field = (name: Name, problem: string = name) => ({
    ...{ name, value: texts?.[name] ?? '', autocomplete: 'off' },
    problem: props.problem(problem),
  })
  return (
    <div class="field-row">
      <TextField label="Job id" required maxlength={200} placeholder="e.g. 482913" {...field('jobId', 'job_id')} />
      <TeamSelect of={props.of} problem={props.problem('team_id')} />
      <StatusSelect of={props.of} problem={props.problem('status')} />
      <TextField label="Provider" required maxlength={100} placeholder="e.g. aws" {...field('provider')} />
      <TextField label="GPU type" maxlength={100} placeholder="e.g. h100" {...field('gpuType', 'gpu_type')} />
      <TextField
        label="GPUs"
        type="number"
        min={0}
        step={0.001}
        required
        {...field('gpuCount', 'gpu_count')}
        value={texts?.gpuCount ?? '1'}
      />
      <TextField
        label="Start (UTC)"
        type="datetime-local"
        step={1}
        hint="Empty: has not started."
        {...field('startTime', 'start_time')}
      />
      <TextField
        label="End (UTC)"
        type="datetime-local"
        step={1}
        hint="Empty: has not ended."
        {...field('endTime', 'end_time')}
      />
      <TextField label="Model (optional)" maxlength={200} {...field('modelName', 'model_name')} />
      <TextField label="Name (optional)" maxlength={200} {...field('jobName', 'job_name')} />
      <TextField label="Run by (optional)" maxlength={200} {...field('userName', 'user_name')} />
      <TextField label="Scheduler (optional)" maxlength={100} placeholder="e.g. slurm" {...field('source')} />
    </div>
  )
}

/** The teams that the reader may give a job to; the one it has stays to be seen while they are fetched. */
function TeamSelect(props: { of?: JobNow | undefined; problem: string | undefined }) {
  const id = createUniqueId()
  const user = useUser()
  const { own: teams } = useTeams(() => user()?.seesWholeCompany === true)
  const options = () => {
    const known = user()?.seesWholeCompany ? (teams() ?? []) : (user()?.teams ?? [])
    const own = props.of && { id: props.of.teamId, name: props.of.teamName }
    return own && !known.some(({ id }) => id === own.id) ? [own, ...known] : known
  }
  return (
    <div class="field">
      <label for={id}>Team</label>
      <select
        name="teamId"
        required
        aria-invalid={props.problem !== undefined}
        id={id}
        aria-describedby={`${id}-problem`}
      >
        <Show when={!props.of}>
          <option value="">Choose a team</option>
        </Show>
        <For each={options()}>
          {(team) => (
            <option value={team.id} selected={team.id === props.of?.teamId}>
              {team.name}
            </option>
          )}
        </For>
      </select>
      <p id={`${id}-problem`} class="field-problem" role="alert">
        {props.problem}
      </p>
    </div>
  )
}

function StatusSelect(props: { of?: JobNow | undefined; problem: string | undefined }) {
  const id = createUniqueId()
  return (
    <div class="field">
      <label for={id}>Status</label>
      <select name="status" aria-invalid={props.problem !== undefined} id={id} aria-describedby={`${id}-problem`}>
        <Show when={!props.of}>
          <option value="">As its times say</option>
        </Show>
        <For each={Object.entries(JOB_STATUS_WORDS)}>
          {([status, [words]]) => (
            <option value={status} selected={status === props.of?.status}>
              {words}
            </option>
          )}
        </For>
      </select>
      <p id={`${id}-problem`} class="field-problem" role="alert">
        {props.problem}
      </p>
    </div>
  )
}

/** A new job as the fields say it. */
export function newJobIn(form: FormData) {
  const said = changedTexts(textsIn(form, NAMES), null)
  const { jobId = '', provider = '', gpuType = '' } = said
  return { ...askedOf(said), jobId, provider, gpuType }
}

/** What the fields say otherwise than the job does; a time that was emptied is null. */
export function jobChangeIn(form: FormData, before: JobNow) {
  return askedOf(changedTexts(textsIn(form, NAMES), textsOf(before)))
}

function askedOf({ teamId, gpuCount, startTime, endTime, status, ...texts }: Partial<Texts<Name>>) {
  return {
    ...texts,
    ...(teamId ? { teamId: teamId as TeamId } : {}),
    ...(gpuCount ? { gpuCount: Number(gpuCount) } : {}),
    ...(startTime === undefined ? {} : { startTime: instantOf(startTime) }),
    ...(endTime === undefined ? {} : { endTime: instantOf(endTime) }),
    ...(status ? { status: status as Status } : {}),
  }
}

/** The field says a clock time; it is UTC. */
function instantOf(text: string): string | null {
  return text === '' ? null : `${text}Z`
}
