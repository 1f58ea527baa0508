import { A, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Match, Show, Switch } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { dayOf, type EpochMs } from '../../db/units/time.ts'
import { api } from '../api.ts'
import { costFacts } from '../choice/how-facts.ts'
import { daysOf } from '../choice/range.ts'
import { readSkip } from '../choice/skip.ts'
import { focusHeadingLater, useLook } from '../components/entry-dialogs.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { HowComputed } from '../components/how-computed.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import type { FirstQueries } from '../page.tsx'
import { isWithoutTeam, useUser } from '../user.ts'
import { type Opened, TeamDialogs } from './teams/team-dialogs.tsx'
import { TeamTable } from './teams/team-table.tsx'

const LIMIT = 50

const teamsFrom = (skip: number) => ({
  queryKey: ['teams.list', skip],
  queryFn: () => api.teams.list.query({ skip, limit: LIMIT }),
})

export const firstQueries: FirstQueries = ({ query }) => [teamsFrom(readSkip(String(query.skip)))]

/** The teams that the reader sees: administrators make, change and remove them, finance sets their budgets. */
export default function TeamsPage() {
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const [opened, open] = createSignal<Opened | null>(null)
  const user = useUser()
  const isAdmin = () => user()?.role === 'admin'
  const mayEdit = () => (isAdmin() ? 'all' : user()?.role === 'finance' ? 'budget' : 'nothing')
  const skip = () => readSkip(params.skip)
  const teams = useQuery(() => teamsFrom(skip()))
  const days = () => daysOf({ preset: 'this-month' }, dayOf(Date.now() as EpochMs))
  const month = useQuery(() => ({
    queryKey: ['analytics.byTeam', days()],
    queryFn: () => api.analytics.byTeam.query(days()),
    enabled: user() !== undefined && !isWithoutTeam(user()!),
  }))
  const spentOf = (teamId: string): UsdText | undefined => {
    const known = month.isPending ? undefined : month.data?.rows
    return known && (known.find((row) => row.teamId === teamId)?.totalCostUsd ?? ('0.00' as UsdText))
  }
  const look = useLook<string>({
    open: async (dialog, id) => void open({ dialog, team: await api.teams.get.query({ id }) }),
    close: () => open(null),
    list: teams,
  })
  let heading!: HTMLDivElement
  const afterRemoval = () => {
    focusHeadingLater(heading)
    if (skip() > 0 && teams.data?.teams.length === 1) setParams({ skip: Math.max(0, skip() - LIMIT) || null })
  }
  return (
    <div class="page">
      <div class="page-head">
        <div ref={heading}>
          <PageHeading title="Teams" />
          <p class="note">
            Costs go to teams by the jobs that they run
            <Show when={user()?.role === 'admin' || user()?.role === 'finance'}>
              {' '}
              and by the rules of <A href="/owner-rules">Who pays</A>
            </Show>
            . A budget is for one calendar month of GPUs; <A href="/budgets">Budgets</A> limit calls of models.{' '}
            <A href="/statements">Statements of months</A>
          </p>
        </div>
        <Show when={isAdmin()}>
          <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
            New team
          </button>
        </Show>
      </div>
      <Show when={look.error}>{(error) => <FailureNote title="Could not open the team" error={error()} />}</Show>
      <Panel
        title={user()?.seesWholeCompany ? 'All teams' : 'Your teams'}
        query={teams}
        minHeight={280}
        isEmpty={(data) => data.total === 0}
        empty={
          <Switch fallback={<p>You are in no team yet. Ask an administrator to add you to a team.</p>}>
            <Match when={isAdmin()}>
              <p>
                No teams yet. They come with the first file of jobs on <A href="/imports">Imports</A>, or make one with
                “New team”.
              </p>
            </Match>
            <Match when={user()?.seesWholeCompany}>
              <p>No teams yet. They come with the first file of jobs.</p>
            </Match>
          </Switch>
        }
      >
        {(data) => (
          <>
            <TeamTable
              teams={data().teams}
              mayEdit={mayEdit()}
              spentOf={spentOf}
              onOpen={(dialog, id) => look.mutate({ dialog, id })}
            />
            <HowComputed
              figure="this month’s cost"
              formula="A team’s part of the bills of this month so far, by the GPU time that its jobs held, and what rules gave to it. Cost that teams share comes with the statement."
              facts={costFacts({ basis: 'allocation', zone: 'UTC' }, days())}
              doors={[['Statements', '/statements']]}
            />
            <Pager of="teams" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <TeamDialogs
        opened={opened()}
        isAdmin={isAdmin()}
        onOpen={open}
        onReload={(dialog, id) => look.mutate({ dialog, id })}
        onRemoved={afterRemoval}
      />
    </div>
  )
}
