import { A, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../api.ts'
import { TEAM_BASES } from '../choice/choice.ts'
import { useChoice } from '../choice/use-choice.ts'
import { InTeam } from '../components/in-team.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import type { User } from '../user.ts'
import { BoughtTable } from './unit-economics/bought-table.tsx'
import { DeploymentDialogs, type Opened } from './unit-economics/deployment-dialogs.tsx'
import { DeploymentTable } from './unit-economics/deployment-table.tsx'
import { ModelDetail } from './unit-economics/model-detail.tsx'
import { ServedTable } from './unit-economics/served-table.tsx'

const LIMIT = 100

/** What a million tokens really cost on own GPUs, beside what they cost to buy. */
export default function UnitEconomicsPage() {
  return (
    <InTeam title="Unit economics" why="What tokens cost is shown to the teams that asked for them.">
      {(user) => <UnitEconomics user={user()} />}
    </InTeam>
  )
}

function UnitEconomics(props: { user: User }) {
  const choice = useChoice(() => TEAM_BASES)
  const [params, setParams] = useSearchParams<{ model?: string }>()
  const [opened, open] = createSignal<Opened | null>(null)
  const isAdmin = () => props.user.role === 'admin'
  const economics = useQuery(() => {
    const { start, end } = choice.days()
    return {
      queryKey: ['analytics.unitEconomics', start, end],
      queryFn: () => api.analytics.unitEconomics.query({ start, end }),
    }
  })
  const deployments = useQuery(() => ({
    queryKey: ['deployments.list'],
    queryFn: () => api.deployments.list.query({ limit: LIMIT }),
  }))
  const served = () => (economics.isPending ? undefined : economics.data)?.served ?? []
  const picked = () => served().find(({ model }) => model === params.model) ?? served()[0]
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Unit economics" />
          <p class="note">What a million tokens really cost on your own GPUs, beside their list price.</p>
        </div>
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
          />
        </div>
      </div>
      <PartialNote user={props.user}>Tokens and cost are those of your teams.</PartialNote>
      <Panel
        title="Models on own GPUs"
        query={economics}
        minHeight={220}
        isEmpty={({ served: rows }) => rows.length === 0}
        empty={
          <p>
            No deployment held GPUs on these days. Enter which model is served on which GPUs under Deployments below;
            its tokens come from the gateway or from <A href="/imports">imported files</A>.
          </p>
        }
      >
        {(data) => (
          <ServedTable
            rows={data().served}
            picked={picked()?.model ?? ''}
            onPick={(model) => setParams({ model }, { scroll: false })}
          />
        )}
      </Panel>
      <Show when={picked()}>
        {(model) => <ModelDetail of={model()} days={choice.days()} hasWhatIf={props.user.seesWholeCompany} />}
      </Show>
      <Show when={economics.data?.bought.length}>
        <BoughtTable rows={economics.data?.bought ?? []} />
      </Show>
      <Panel
        title="Deployments"
        query={deployments}
        minHeight={140}
        isEmpty={({ total }) => total === 0}
        empty={<p>None yet. A deployment takes its GPUs’ part of the bill from its start on, as a job does.</p>}
        actions={
          <Show when={isAdmin()}>
            <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
              New deployment
            </button>
          </Show>
        }
      >
        {(data) => <DeploymentTable rows={data().deployments} mayWrite={isAdmin()} onOpen={open} />}
      </Panel>
      <Show when={opened()}>
        {(now) => <DeploymentDialogs opened={now()} onOpen={open} onClose={() => open(null)} />}
      </Show>
    </div>
  )
}
