import { useSearchParams } from '@solidjs/router'
import { keepPreviousData, useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { type Answers, api } from '../api.ts'
import { HowComputed } from '../components/how-computed.tsx'
import { InTeam } from '../components/in-team.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import type { User } from '../user.ts'
import { AdviceDetail } from './recommendations/advice-detail.tsx'
import { AdviceList } from './recommendations/advice-list.tsx'
import { NotLooked } from './recommendations/not-looked.tsx'
import { Pipeline } from './recommendations/pipeline.tsx'
import { STATUSES, type Status } from './recommendations/words.ts'

type Params = { status?: string; kind?: string; team_id?: string; key?: string }
export type Advice = Answers['analytics']['recommendations']['recommendations'][number]

/** What could cost less, what it rests on, and what became of it. */
export default function RecommendationsPage() {
  return (
    <InTeam title="Recommendations" why="Advice is about what your teams hold and ask.">
      {(user) => <Recommendations user={user()} />}
    </InTeam>
  )
}

function Recommendations(props: { user: User }) {
  const [params, setParams] = useSearchParams<Params>()
  const status = (): Status | 'all' => {
    if (params.status === 'all') return 'all'
    return STATUSES.find((one) => one === params.status) ?? 'open'
  }
  // The kinds are the server's: an address with another one is told what is wrong with it.
  const asked = () => ({
    ...(params.kind ? { kind: params.kind } : {}),
    ...(params.team_id ? { teamId: params.team_id } : {}),
  })
  const list = useQuery(() => ({
    queryKey: ['analytics.recommendations', asked()],
    queryFn: () => api.analytics.recommendations.query(asked()),
    placeholderData: keepPreviousData,
  }))
  const known = () => (list.isPending ? undefined : list.data)
  const rows = () => (known()?.recommendations ?? []).filter((one) => status() === 'all' || one.status === status())
  const picked = () => (known()?.recommendations ?? []).find(({ key }) => key === params.key)
  const mayDecide = () => props.user.role !== 'viewer'
  const teams = () => {
    const all = (known()?.recommendations ?? []).flatMap(({ teamId, teamName }) =>
      teamId ? [[teamId, teamName ?? teamId] as const] : [],
    )
    return [...new Map(all)].sort(([, a], [, b]) => (a < b ? -1 : 1))
  }
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Recommendations" />
          <p class="note">What could cost less, in dollars a month at your own rates, with the rows it rests on.</p>
        </div>
        <div class="toolbar">
          <label class="inline-field">
            Kind
            <select
              class="is-steady"
              value={params.kind ?? ''}
              onChange={(event) => setParams({ kind: event.currentTarget.value || null, key: null })}
            >
              <option value="">All kinds</option>
              <For each={known()?.kinds}>
                {({ kind, name }) => (
                  <option value={kind} selected={kind === params.kind}>
                    {name}
                  </option>
                )}
              </For>
            </select>
          </label>
          <Show when={props.user.seesWholeCompany || props.user.teams.length > 1 || params.team_id}>
            <label class="inline-field">
              Team
              <select
                class="is-steady"
                value={params.team_id ?? ''}
                onChange={(event) => setParams({ team_id: event.currentTarget.value || null, key: null })}
              >
                <option value="">All teams</option>
                <For each={teams()}>
                  {([id, name]) => (
                    <option value={id} selected={id === params.team_id}>
                      {name}
                    </option>
                  )}
                </For>
              </select>
            </label>
          </Show>
        </div>
      </div>
      <PartialNote user={props.user}>Advice about pools and the company’s bill is for who sees all of it.</PartialNote>
      <Pipeline
        totals={known()?.totals}
        picked={status()}
        onPick={(next) => setParams({ status: next === 'open' ? null : next, key: null })}
      />
      <Panel
        title="Inbox"
        query={list}
        minHeight={280}
        isEmpty={() => rows().length === 0}
        empty={
          <Show
            when={known()?.start}
            fallback={<p>No complete day has a bill yet. Advice is made of days that are over.</p>}
          >
            <p>
              Nothing here.{' '}
              {status() === 'open' ? 'What was not looked at, and why, stands below.' : 'Pick another step above.'}
            </p>
          </Show>
        }
        actions={
          <Show when={known()}>
            {(data) => (
              <HowComputed
                figure="the total"
                formula={data().how}
                facts={[
                  ['Days', data().start ? `${data().start} to ${data().end}` : 'none'],
                  ['Overlap left out', `$${data().totals.overlapUsd}`],
                ]}
              />
            )}
          </Show>
        }
      >
        {() => (
          <AdviceList
            rows={rows()}
            picked={picked()?.key ?? null}
            onPick={(key) => setParams({ key }, { scroll: false })}
          />
        )}
      </Panel>
      <Show when={picked()} keyed>
        {(one) => (
          <AdviceDetail
            of={one}
            how={known()?.kinds.find(({ kind }) => kind === one.kind)?.how ?? ''}
            mayDecide={mayDecide()}
            onClose={() => setParams({ key: null }, { scroll: false })}
          />
        )}
      </Show>
      <Show when={known()}>{(data) => <NotLooked rows={data().notLooked} kinds={data().kinds} />}</Show>
    </div>
  )
}
