import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { useUser } from '../user.ts'
import { EmptySources } from './sources/empty-sources.tsx'
import { type Opened, SourceDialogs } from './sources/source-dialogs.tsx'
import { SourceTable } from './sources/source-table.tsx'

const LIMIT = 50
const POLL_MS = 10_000

/** Where bills and measurements are pulled from every day, and how that went. */
export default function SourcesPage() {
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const [opened, open] = createSignal<Opened | null>(null)
  const user = useUser()
  const mayWrite = () => user()?.role === 'admin'
  const question = () => ({ skip: readSkip(params.skip), limit: LIMIT })
  const kinds = useQuery(() => ({
    queryKey: ['source-kinds'],
    queryFn: () => api.sources.kinds.query(),
    staleTime: 3_600_000,
  }))
  const formats = useQuery(() => ({ queryKey: ['imports.formats'], queryFn: () => api.imports.formats.query() }))
  const sources = useQuery(() => ({
    queryKey: ['sources', 'list', question()],
    queryFn: () => api.sources.list.query(question()),
    refetchInterval: ({ state }) =>
      state.data?.sources.some(({ lastRun }) => lastRun?.status === 'running') ? POLL_MS : false,
  }))
  const failed = () =>
    (sources.isPending ? [] : (sources.data?.sources ?? [])).filter(
      ({ isEnabled, lastRun }) => isEnabled && lastRun?.status === 'failed',
    )
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Sources" />
          <p class="note">
            Bills and measurements that Heliox fetches by itself once a day. A missed day is caught up.
          </p>
        </div>
        <Show when={mayWrite() && kinds.data && formats.data}>
          <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
            New source
          </button>
        </Show>
      </div>
      <Show when={failed().length > 0}>
        <div class="failure" role="alert">
          <p class="failure-title">
            {failed().length === 1
              ? 'A source failed at its last run'
              : `${failed().length} sources failed at their last run`}
          </p>
          <p>
            {failed()
              .map(({ name }) => name)
              .join(', ')}
            : what is shown may lack the newest files.
          </p>
        </div>
      </Show>
      <Panel
        title="Sources"
        query={sources}
        minHeight={280}
        isEmpty={(data) => data.total === 0}
        empty={<EmptySources mayWrite={mayWrite()} />}
      >
        {(data) => (
          <>
            <SourceTable sources={data().sources} kinds={kinds.data ?? []} mayWrite={mayWrite()} onOpen={open} />
            <Pager of="the sources" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <SourceDialogs opened={opened()} kinds={kinds.data ?? []} formats={formats.data ?? []} onOpen={open} />
    </div>
  )
}
