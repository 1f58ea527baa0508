import { A, useLocation, useParams, useSearchParams } from '@solidjs/router'
import { useMutation, useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../api.ts'
import { BASES, TEAM_BASES } from '../choice/choice.ts'
import { readSkip } from '../choice/skip.ts'
import { useChoice } from '../choice/use-choice.ts'
import { BasisSwitch } from '../components/basis-switch.tsx'
import { FailureNote } from '../components/failure-note.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { mayEditJobs, type User, useUser } from '../user.ts'
import { JobDaysPanel } from './explain/job-days-panel.tsx'
import { isServing } from './jobs/is-serving.ts'
import { JobCostCards } from './jobs/job-cost-cards.tsx'
import { JobDialogs, type Opened } from './jobs/job-dialogs.tsx'
import { JobFacts } from './jobs/job-facts.tsx'
import { listParams } from './jobs/jobs-question.ts'

/** One job: what is known of it, where that is from, and what each of its days cost and why. */
export default function JobPage() {
  const user = useUser()
  return <Show when={user()}>{(known) => <Job user={known()} />}</Show>
}

function Job(props: { user: User }) {
  const { jobId } = useParams<{ jobId: string }>()
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const location = useLocation()
  const isNarrowed = () => listParams(location.search) !== ''
  const back = () => {
    const list = listParams(location.search)
    return isNarrowed() ? `/jobs${list}&row=${jobId}` : '/jobs'
  }
  const bases = () => {
    const { allocation, usage } = props.user.seesWholeCompany ? BASES : TEAM_BASES
    return { allocation, usage }
  }
  const choice = useChoice(bases)
  const basis = () => (choice.choice().basis === 'usage' ? 'usage' : 'allocation')
  const job = useQuery(() => ({
    queryKey: ['jobs.get', jobId],
    queryFn: () => api.jobs.get.query({ id: jobId }),
  }))
  const known = () => (job.isPending || job.isError ? undefined : job.data)
  const mayEdit = () => {
    const data = known()
    return data !== undefined && mayEditJobs(props.user) && !isServing(data)
  }
  const [opened, open] = createSignal<Opened | null>(null)
  // A dialog shows the job as it is now, with its version.
  const look = useMutation(() => ({
    mutationFn: async (dialog: Opened['dialog']) => open({ dialog, job: await api.jobs.get.query({ id: jobId }) }),
    onError: () => {
      open(null)
      void job.refetch()
    },
  }))
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <p class="note">
            <A class="link" href={back()}>
              {isNarrowed() ? 'Back to these jobs' : 'All jobs'}
            </A>
          </p>
          <PageHeading title={known() ? `Job ${known()?.jobId}` : 'Job'} />
        </div>
        <BasisSwitch bases={bases()} basis={basis()} onPick={(next) => choice.change({ basis: next })} />
      </div>
      <Show when={look.error}>{(error) => <FailureNote title="Could not open the job" error={error()} />}</Show>
      <Show when={known()}>{(data) => <JobCostCards job={data()} skip={readSkip(params.skip)} />}</Show>
      <Panel
        title="The job"
        query={job}
        minHeight={220}
        isEmpty={() => false}
        empty={undefined}
        actions={
          <Show when={mayEdit()}>
            <button type="button" class="button" onClick={() => look.mutate('edit')}>
              Edit
            </button>
            <button type="button" class="button" onClick={() => look.mutate('remove')}>
              Remove
            </button>
          </Show>
        }
      >
        {(data) => <JobFacts job={data()} basis={basis()} />}
      </Panel>
      <Show when={known()}>
        <JobDaysPanel
          cost="effective"
          jobId={jobId}
          basis={basis()}
          skip={readSkip(params.skip)}
          onSkip={(skip) => setParams({ skip: skip || null })}
        />
      </Show>
      <JobDialogs opened={opened()} onReload={(dialog) => look.mutate(dialog)} onClose={() => open(null)} />
    </div>
  )
}
