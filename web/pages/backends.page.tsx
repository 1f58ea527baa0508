import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { useUser } from '../user.ts'
import { BackendDialogs, type Opened } from './backends/backend-dialogs.tsx'
import { BackendTable } from './backends/backend-table.tsx'
import { EmptyBackends } from './backends/empty-backends.tsx'
import { RouteList } from './backends/route-list.tsx'

const LIMIT = 50
/** Breakers open for ten seconds and more. */
const POLL_MS = 10_000

/** Where the gateway sends calls, how the places do, and in which order they are asked. */
export default function BackendsPage() {
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const [opened, open] = createSignal<Opened | null>(null)
  const user = useUser()
  const mayWrite = () => user()?.role === 'admin'
  const question = () => ({ skip: readSkip(params.skip), limit: LIMIT })
  const backends = useQuery(() => ({
    queryKey: ['backends', 'list', question()],
    queryFn: () => api.backends.list.query(question()),
    refetchInterval: POLL_MS,
  }))
  const routes = useQuery(() => ({
    queryKey: ['backends', 'routes'],
    queryFn: () => api.backends.routes.query({ limit: 100 }),
    refetchInterval: POLL_MS,
  }))
  /** Heliox's own, which no row stands for. */
  const hasEcho = () =>
    (routes.isPending ? undefined : routes.data)?.routes.some(({ order }) =>
      order.some(({ backendId }) => backendId === null),
    ) ?? false
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Backends" />
          <p class="note">
            Where calls of <code>/v1</code> are answered. The first that is well is asked; where it cannot answer, the
            next.
          </p>
        </div>
        <Show when={mayWrite()}>
          <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
            New backend
          </button>
        </Show>
      </div>
      <Panel
        title="Backends"
        query={backends}
        minHeight={240}
        isEmpty={(data) => data.total === 0}
        empty={<EmptyBackends mayWrite={mayWrite()} hasEcho={hasEcho()} />}
      >
        {(data) => (
          <>
            <BackendTable backends={data().backends} mayWrite={mayWrite()} onOpen={open} />
            <Pager of="the backends" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <Panel
        title="Models and who answers them"
        query={routes}
        minHeight={200}
        isEmpty={(data) => data.total === 0}
        empty={<p>No model is served yet: a backend names those that it answers.</p>}
      >
        {(data) => (
          <>
            <RouteList routes={data().routes} mayWrite={mayWrite()} onOpen={open} />
            <Show when={data().hasMore}>
              <p class="note">The first 100 of {data().total} models are shown; the others are at /gateway/routes.</p>
            </Show>
          </>
        )}
      </Panel>
      <BackendDialogs opened={opened()} onOpen={open} />
    </div>
  )
}
