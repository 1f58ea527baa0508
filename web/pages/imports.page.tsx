import { Show } from 'solid-js'
import { PageHeading } from '../components/page-heading.tsx'
import { NoTeam, PartialNote } from '../components/partial-note.tsx'
import { isWithoutTeam, mayImport, type User, useUser } from '../user.ts'
import { DeadLetters } from './imports/dead-letters.tsx'
import { ExportPanel } from './imports/export-panel.tsx'
import { History } from './imports/history.tsx'
import { UploadForm } from './imports/upload-form.tsx'
import { UploadList } from './imports/upload-list.tsx'
import { UsagePanel } from './imports/usage-panel.tsx'

/** Brings files in, and shows what became of every file before. */
export default function ImportsPage() {
  const user = useUser()
  return <Show when={user()}>{(known) => <Imports user={known()} />}</Show>
}

function Imports(props: { user: User }) {
  const maySend = () => mayImport(props.user) && !isWithoutTeam(props.user)
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
        <DeadLetters />
      </Show>
      <History maySend={maySend()} jobsOnly={!props.user.seesWholeCompany} />
      <Show when={props.user.role === 'admin'}>
        <UsagePanel />
      </Show>
      <ExportPanel seesWholeCompany={props.user.seesWholeCompany} />
    </div>
  )
}
