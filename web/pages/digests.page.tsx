import { keepPreviousData, useQuery } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api } from '../api.ts'
import { InTeam } from '../components/in-team.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { useTeams } from '../teams.ts'
import { useDigestChoice } from './digests/digest-choice.ts'
import { DigestPanel } from './digests/digest-panel.tsx'
import { type Opened, SubscriptionDialogs } from './digests/subscription-dialogs.tsx'
import { SubscriptionTable } from './digests/subscription-table.tsx'

const LIMIT = 100

/** What a day or a week cost, as channels are told it, and who is told. */
export default function DigestsPage() {
  return (
    <InTeam title="Digests" why="A digest says what a team, or the company, has cost.">
      {(user) => <Digests mayWrite={user().role !== 'viewer'} seesAll={['admin', 'finance'].includes(user().role)} />}
    </InTeam>
  )
}

function Digests(props: { mayWrite: boolean; seesAll: boolean }) {
  const choice = useDigestChoice()
  const [opened, open] = createSignal<Opened | null>(null)
  const { teams } = useTeams()
  const preview = useQuery(() => ({
    queryKey: ['digests', 'preview', choice.question()],
    queryFn: () => api.digests.preview.query(choice.question()),
    placeholderData: keepPreviousData,
  }))
  const subscriptions = useQuery(() => ({
    queryKey: ['digests', 'list'],
    queryFn: () => api.digests.list.query({ skip: 0, limit: LIMIT }),
  }))
  const day = () => choice.day() ?? (preview.isPending ? '' : (preview.data?.end ?? ''))
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Digests" />
          <p class="note">What a day or a week cost and what stood out, for any day, and every morning in a channel.</p>
        </div>
        <Show when={props.mayWrite}>
          <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
            New digest
          </button>
        </Show>
      </div>
      <form class="digest-choice" onSubmit={(event) => event.preventDefault()}>
        <label>
          Period
          <select onChange={(event) => choice.pickPeriod(event.currentTarget.value)}>
            <option value="day" selected={choice.period() === 'day'}>
              Day
            </option>
            <option value="week" selected={choice.period() === 'week'}>
              Week, Monday to Sunday
            </option>
          </select>
        </label>
        <label>
          {choice.period() === 'day' ? 'Day' : 'A day of the week'}
          <input type="date" value={day()} onChange={(event) => choice.pickDay(event.currentTarget.value)} />
        </label>
        <label>
          Whose
          <select onChange={(event) => choice.pickTeam(event.currentTarget.value)}>
            <option value="">{props.seesAll ? 'The whole company' : 'Your teams'}</option>
            <For each={teams() ?? []}>
              {({ id, name }) => (
                <option value={id} selected={id === choice.teamId()}>
                  {name}
                </option>
              )}
            </For>
          </select>
        </label>
      </form>
      <Panel title="Digest" query={preview} minHeight={420} isEmpty={() => false} empty={null}>
        {(data) => <DigestPanel digest={data()} />}
      </Panel>
      <Panel
        title="Who is told"
        query={subscriptions}
        minHeight={140}
        isEmpty={(data) => data.total === 0}
        empty={
          <p>
            Nobody gets a digest yet.{' '}
            {props.mayWrite
              ? 'Subscribe a channel with New digest.'
              : 'A developer or administrator subscribes channels.'}
          </p>
        }
      >
        {(data) => <SubscriptionTable digests={data().digests} mayWrite={props.mayWrite} onOpen={open} />}
      </Panel>
      <SubscriptionDialogs opened={opened()} onOpen={open} />
    </div>
  )
}
