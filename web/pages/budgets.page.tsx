import { A, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import type { FirstQueries } from '../page.tsx'
import { useUser } from '../user.ts'
import { BudgetDialogs, type Opened } from './budgets/budget-dialogs.tsx'
import { BudgetLine } from './budgets/budget-line.tsx'
import { TeamCalls } from './budgets/team-calls.tsx'

const LIMIT = 50
/** Calls go on while somebody looks. */
const LOOK_MS = 10_000

const budgetsFrom = (skip: number) => ({
  queryKey: ['budgets.list', skip],
  queryFn: () => api.budgets.list.query({ skip, limit: LIMIT }),
})

export const firstQueries: FirstQueries = ({ query }) => [budgetsFrom(readSkip(String(query.skip)))]

/** What may be spent on calls of models, and what is spent; and what teams decided about their calls. */
export default function BudgetsPage() {
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const [opened, open] = createSignal<Opened | null>(null)
  const [failure, setFailure] = createSignal<unknown>(null)
  const user = useUser()
  const mayWrite = () => user()?.role === 'admin' || user()?.role === 'finance'
  const budgets = useQuery(() => ({ ...budgetsFrom(readSkip(params.skip)), refetchInterval: LOOK_MS }))
  const look = (dialog: 'edit' | 'remove', id: string) => {
    setFailure(null)
    api.budgets.get.query({ id }).then((budget) => open({ dialog, budget }), setFailure)
  }
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Budgets" />
          <p class="note">
            For calls of models through the gateway, by UTC day or month. All budgets that a call counts in must hold: a
            hard one refuses what would pass it, a soft one only says so. What teams may spend on GPUs a month is under{' '}
            <A class="link" href="/teams">
              Teams
            </A>
            .
          </p>
        </div>
        <Show when={mayWrite()}>
          <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
            New budget
          </button>
        </Show>
      </div>
      <Show when={failure()}>{(error) => <FailureNote title="Could not open the budget" error={error()} />}</Show>
      <Panel
        title={user()?.seesWholeCompany ? 'All budgets' : 'Budgets of your teams'}
        query={budgets}
        minHeight={220}
        isEmpty={(data) => data.total === 0}
        empty={
          <p>{mayWrite() ? 'No budgets yet: calls are free to spend. Set the first one.' : 'No budget limits you.'}</p>
        }
      >
        {(data) => (
          <>
            <ul class="gateway-budgets">
              <For each={data().budgets}>
                {(budget) => <BudgetLine of={budget} mayWrite={mayWrite()} onOpen={look} />}
              </For>
            </ul>
            <Pager of="the budgets" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <TeamCalls isAdmin={user()?.role === 'admin'} />
      <BudgetDialogs opened={opened()} onOpen={open} onReload={look} />
    </div>
  )
}
