import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { NoTeam, PartialNote } from '../components/partial-note.tsx'
import { isWithoutTeam, mayImport, type User, useUser } from '../user.ts'
import { HistoryTable, type ImportView } from './imports/history-table.tsx'
import { UploadForm } from './imports/upload-form.tsx'
import { UploadList } from './imports/upload-list.tsx'
import { UsagePanel } from './imports/usage-panel.tsx'

const LIMIT = 20
const POLL_MS = 2_000

/** Brings files in, and shows what became of every file before. */
export default function ImportsPage() {
  const user = useUser()
  return <Show when={user()}>{(known) => <Imports user={known()} />}</Show>
}

function Imports(props: { user: User }) {
  const maySend = () => mayImport(props.user) && !isWithoutTeam(props.user)
  const nothing = () =>
    maySend() ? 'No imports yet. The first file you drop above appears here.' : 'No imports that you may see yet.'
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const skip = () => readSkip(params.skip)
  const history = useQuery(() => ({
    queryKey: ['imports.list', skip()],
    queryFn: () => api.imports.list.query({ skip: skip(), limit: LIMIT }),
    // Somebody else's upload moves on, too.
    refetchInterval: ({ state }) => (state.data?.imports.some(isRunning) ? POLL_MS : false),
  }))
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Imports" />
          <p class="note">Same file twice changes nothing. A bad row never stops the good ones and never disappears.</p>
        </div>
      </div>
      <PartialNote user={props.user}>
        You see the files that you have sent, and those that your teams’ API keys have.
      </PartialNote>
      <Show when={isWithoutTeam(props.user)}>
        <NoTeam>Imports are shown to the people and the teams that sent them.</NoTeam>
      </Show>
      <Show when={maySend()}>
        <UploadForm jobsOnly={!props.user.seesWholeCompany} />
        <UploadList />
      </Show>
      <Panel
        title="History"
        query={history}
        minHeight={280}
        isEmpty={(data) => data.imports.length === 0}
        empty={<p>{nothing()}</p>}
      >
        {(data) => (
          <>
            <HistoryTable imports={data().imports} />
            <Pager of="the history" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <Show when={props.user.role === 'admin'}>
        <UsagePanel />
      </Show>
    </div>
  )
}

function isRunning({ status }: ImportView): boolean {
  return status === 'reading' || status === 'storing'
}
