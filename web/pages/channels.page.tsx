import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { InTeam } from '../components/in-team.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { ChannelDialogs, type Opened } from './channels/channel-dialogs.tsx'
import type { Kind } from './channels/channel-form.ts'
import { ChannelTable } from './channels/channel-table.tsx'
import { DeliveryList } from './channels/delivery-list.tsx'

const LIMIT = 50

/** Where Heliox tells people, and what became of what it told. */
export default function ChannelsPage() {
  return (
    <InTeam title="Channels" why="Channels belong to teams, or to the whole company.">
      {(user) => <Channels mayWrite={user().role === 'admin'} />}
    </InTeam>
  )
}

function Channels(props: { mayWrite: boolean }) {
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const [opened, open] = createSignal<Opened | null>(null)
  const question = () => ({ skip: readSkip(params.skip), limit: LIMIT })
  const kinds = useQuery(() => ({
    queryKey: ['channel-kinds'],
    queryFn: () => api.channels.kinds.query(),
    staleTime: 3_600_000,
  }))
  const channels = useQuery(() => ({
    queryKey: ['channels', 'list', question()],
    queryFn: () => api.channels.list.query(question()),
  }))
  const known = () => (kinds.isPending ? [] : (kinds.data ?? []))
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Channels" />
          <p class="note">Where alerts and digests go. A message that does not arrive is tried again for hours.</p>
        </div>
        <Show when={props.mayWrite && known().length > 0}>
          <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
            New channel
          </button>
        </Show>
      </div>
      <Panel
        title="Channels"
        query={channels}
        minHeight={200}
        isEmpty={(data) => data.total === 0}
        empty={<EmptyChannels kinds={known()} mayWrite={props.mayWrite} />}
      >
        {(data) => (
          <>
            <ChannelTable channels={data().channels} kinds={known()} mayWrite={props.mayWrite} onOpen={open} />
            <Pager of="the channels" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <DeliveryList mayWrite={props.mayWrite} />
      <ChannelDialogs opened={opened()} kinds={known()} onOpen={open} />
    </div>
  )
}

function EmptyChannels(props: { kinds: readonly Kind[]; mayWrite: boolean }) {
  return (
    <div class="channel-guide">
      <p>
        Nobody is told yet.{' '}
        {props.mayWrite ? 'Set up the first channel; each of these will do.' : 'An administrator sets up channels.'}
      </p>
      <ul>
        <For each={props.kinds}>
          {({ label, describes }) => (
            <li>
              <b>{label}</b>: {describes}
            </li>
          )}
        </For>
      </ul>
    </div>
  )
}
