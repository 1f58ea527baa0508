import { useNavigate } from '@solidjs/router'
import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { Match, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { createForm } from '../../forms/create-form.ts'
import { JOB_FIELDS, JobFields, type JobNow, jobChangeIn, newJobIn } from './job-form.tsx'

const TOLD = {
  fields: JOB_FIELDS,
  codes: { 'jobs.job_id_taken': 'job_id', 'auth.other_team': 'team_id', 'teams.no_team': 'team_id' },
}

/** Which dialog of a job's page is open: about the job as it was then, so that another's change is noticed. */
export type Opened = { dialog: 'edit' | 'remove'; job: JobNow }

/** Enters a job, and goes to its page. */
export function NewJob(props: { onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = createForm({
    ...TOLD,
    schema: () => import('../../../worker/jobs/job-input.ts').then(({ NewJob }) => NewJob),
    read: newJobIn,
    send: (job) => api.jobs.create.mutate(job),
    onDone: ({ id, jobId }) => {
      void client.invalidateQueries()
      props.onClose()
      sayResult(`The job ${jobId} is entered.`)
      navigate(`/jobs/${id}`)
    },
  })
  return (
    <FormDialog title="New job" submit="Enter the job" form={form} onClose={props.onClose}>
      <JobFields problem={form.problem} />
      <p class="note">A rule of “Who pays” that fits its name or its user goes before the team.</p>
    </FormDialog>
  )
}

/** Changes a job, or takes it away and goes back to the list. */
export function JobDialogs(props: {
  opened: Opened | null
  onReload: (dialog: Opened['dialog']) => void
  onClose: () => void
}) {
  const about = (dialog: Opened['dialog']) => (props.opened?.dialog === dialog ? props.opened.job : undefined)
  return (
    <Switch>
      <Match when={about('edit')} keyed>
        {(job) => <EditJob of={job} onReload={() => props.onReload('edit')} onClose={props.onClose} />}
      </Match>
      <Match when={about('remove')} keyed>
        {(job) => <RemoveJob of={job} onReload={() => props.onReload('remove')} onClose={props.onClose} />}
      </Match>
    </Switch>
  )
}

function EditJob(props: { of: JobNow; onReload: () => void; onClose: () => void }) {
  const client = useQueryClient()
  const { of } = props
  const { id, version } = of
  const form = createForm({
    ...TOLD,
    schema: () => import('../../../worker/jobs/job-input.ts').then(({ JobChange }) => JobChange),
    read: (fields) => ({ id, version, ...jobChangeIn(fields, of) }),
    send: (change) => api.jobs.update.mutate(change),
    onDone: ({ jobId }) => {
      props.onClose()
      sayResult(`The job ${jobId} is saved.`)
    },
    onSettled: () => void client.invalidateQueries(),
  })
  return (
    <FormDialog
      title={`Edit job ${of.jobId}`}
      submit="Save"
      form={form}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <JobFields of={of} problem={form.problem} />
      <p class="note">A job that a file brought is what the file says again when the file is sent again.</p>
    </FormDialog>
  )
}

function RemoveJob(props: { of: JobNow; onReload: () => void; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { id, version, jobId } = props.of
  const remove = useMutation(() => ({
    mutationFn: () => api.jobs.remove.mutate({ id, version }),
    onSuccess: () => {
      sayResult(`The job ${jobId} is removed.`)
      navigate('/jobs')
      // All that is shown is asked again, but not the job itself, which this page shows until the list is there.
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== id })
    },
  }))
  return (
    <ConfirmDialog
      title={`Remove job ${jobId}?`}
      confirm="Remove job"
      isBusy={remove.isPending}
      error={remove.error}
      onReload={props.onReload}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>
        The bill stays as it is. What the job was charged goes to whoever else held those GPUs on its days; without
        anybody else it becomes unallocated. The file that brought the job brings it back when it is sent again.
      </p>
    </ConfirmDialog>
  )
}
