import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import type { FirstQueries } from '../page.tsx'
import { useUser } from '../user.ts'
import { KeyDialogs, type Opened } from './keys/key-dialogs.tsx'
import { KeyTable } from './keys/key-table.tsx'

const LIMIT = 50

function keysAt({ skip, revoked }: { skip?: unknown; revoked?: unknown }) {
  const question = { skip: readSkip(String(skip)), limit: LIMIT, includeRevoked: revoked === '1' }
  return { queryKey: ['keys.list', question], queryFn: () => api.keys.list.query(question) }
}

export const firstQueries: FirstQueries = ({ query }) => [keysAt(query)]

/** The keys of machines: who may call, what for, how often, until when. */
export default function KeysPage() {
  const [params, setParams] = useSearchParams<{ skip?: string; revoked?: string }>()
  const [opened, open] = createSignal<Opened | null>(null)
  const user = useUser()
  const mayWrite = () => user()?.role === 'admin' || (user()?.role === 'developer' && user()?.teams.length !== 0)
  const keys = useQuery(() => keysAt(params))
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="API keys" />
          <p class="note">
            For machines: importers, gateways, scripts. A key reaches its team, and only what its scopes say.
          </p>
        </div>
        <Show when={mayWrite()}>
          <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
            New key
          </button>
        </Show>
      </div>
      <Panel
        title="Keys"
        query={keys}
        minHeight={280}
        isEmpty={(data) => data.total === 0}
        empty={
          <p>
            {mayWrite()
              ? 'No keys yet. Make one for the first machine that calls.'
              : 'There is no key that you may see.'}
          </p>
        }
        actions={
          <label class="check">
            <input
              type="checkbox"
              checked={params.revoked === '1'}
              onChange={(event) => setParams({ revoked: event.currentTarget.checked ? '1' : null, skip: null })}
            />
            Show revoked
          </label>
        }
      >
        {(data) => (
          <>
            <KeyTable keys={data().keys} mayWrite={mayWrite()} onOpen={open} />
            <Pager of="the keys" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <Show when={user()}>{(known) => <KeyDialogs opened={opened()} user={known()} onOpen={open} />}</Show>
    </div>
  )
}
