import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../api.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { useUser } from '../user.ts'
import { BackupTable } from './backups/backup-table.tsx'

const POLL_MS = 1_000
const QUERY = ['backups', 'list']

/** Which backups there are, whether they are whole, and a new one on demand. For administrators. */
export default function BackupsPage() {
  const user = useUser()
  const client = useQueryClient()
  const make = useMutation(() => ({
    mutationFn: () => api.backups.create.mutate(),
    onSettled: () => client.invalidateQueries({ queryKey: QUERY }),
  }))
  const backups = useQuery(() => ({
    queryKey: QUERY,
    queryFn: () => api.backups.list.query(),
    enabled: user()?.role === 'admin',
    refetchInterval: ({ state }) =>
      make.isPending || state.data?.backups.some(({ status }) => status === 'running') ? POLL_MS : false,
  }))
  const isSetUp = () => !backups.isPending && backups.data?.isSetUp === true
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Backups" />
          <p class="note">
            Made every night and read back. 30 days are kept, and the newest good one always. A backup holds everything
            but sessions: keep it as safe as the database.
          </p>
        </div>
        <Show when={isSetUp()}>
          <button type="button" class="button is-primary" disabled={make.isPending} onClick={() => make.mutate()}>
            {make.isPending ? 'Making a backup …' : 'Back up now'}
          </button>
        </Show>
      </div>
      <Show when={make.error}>{(error) => <FailureNote title="The backup failed" error={error()} />}</Show>
      <Show
        when={user()?.role === 'admin'}
        fallback={<p class="note">Only administrators see backups: they hold everything that Heliox does.</p>}
      >
        <Panel
          title="Backups"
          query={backups}
          minHeight={200}
          isEmpty={(data) => data.backups.length === 0}
          empty={
            <Show
              when={isSetUp()}
              fallback={
                <p>This deployment keeps no backups: bind a bucket as BACKUPS, or run “npm run backup” by hand.</p>
              }
            >
              <p>There is no backup yet. The first one is made in the coming night, or now.</p>
            </Show>
          }
        >
          {(data) => <BackupTable backups={data().backups} />}
        </Panel>
      </Show>
    </div>
  )
}
