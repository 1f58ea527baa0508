import { A, useParams, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../api.ts'
import { BASES, TEAM_BASES } from '../choice/choice.ts'
import { readSkip } from '../choice/skip.ts'
import { useChoice } from '../choice/use-choice.ts'
import { BasisSwitch } from '../components/basis-switch.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { type User, useUser } from '../user.ts'
import { JobDaysPanel } from './explain/job-days-panel.tsx'
import { JobFacts } from './jobs/job-facts.tsx'

/** One job: what is known of it, where that is from, and what each of its days cost and why. */
export default function JobPage() {
  const user = useUser()
  return <Show when={user()}>{(known) => <Job user={known()} />}</Show>
}

function Job(props: { user: User }) {
  const { jobId } = useParams<{ jobId: string }>()
  const [params, setParams] = useSearchParams<{ skip?: string }>()
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
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <p class="note">
            <A class="link" href="/jobs">
              All jobs
            </A>
          </p>
          <PageHeading title={known() ? `Job ${known()?.jobId}` : 'Job'} />
        </div>
        <BasisSwitch bases={bases()} basis={basis()} onPick={(next) => choice.change({ basis: next })} />
      </div>
      <Panel title="The job" query={job} minHeight={220} isEmpty={() => false} empty={undefined}>
        {(data) => <JobFacts job={data()} basis={basis()} />}
      </Panel>
      <Show when={known()}>
        <JobDaysPanel
          jobId={jobId}
          basis={basis()}
          skip={readSkip(params.skip)}
          onSkip={(skip) => setParams({ skip: skip || null })}
        />
      </Show>
    </div>
  )
}
