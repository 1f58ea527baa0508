import { useSearchParams } from '@solidjs/router'
import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { useMe } from '../user.ts'
import { EndOthers } from './account/end-others.tsx'
import { PasswordForm } from './account/password-form.tsx'
import { ProfileFacts } from './account/profile-facts.tsx'
import { SessionList } from './account/session-list.tsx'

const LIMIT = 20

/** Who I am, where I am signed in, and my password. */
export default function AccountPage() {
  const client = useQueryClient()
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const skip = () => readSkip(params.skip)
  const me = useMe()
  const sessions = useQuery(() => ({
    queryKey: ['sessions.list', skip()],
    queryFn: () => api.sessions.list.query({ skip: skip(), limit: LIMIT }),
  }))
  const again = () => client.invalidateQueries({ queryKey: ['sessions.list'] })
  const end = useMutation(() => ({ mutationFn: (id: string) => api.sessions.end.mutate({ id }), onSettled: again }))
  const endOthers = useMutation(() => ({ mutationFn: () => api.sessions.endOthers.mutate(), onSuccess: again }))
  const hasOthers = () => !sessions.isPending && (sessions.data?.total ?? 0) > 1
  return (
    <div class="page is-account">
      <PageHeading title="Your account" />
      <Panel title="Profile" query={me} minHeight={120} isEmpty={(data) => data.user === null} empty={null}>
        {(data) => <Show when={data().user}>{(user) => <ProfileFacts user={user()} />}</Show>}
      </Panel>
      <Panel
        title="Where you are signed in"
        query={sessions}
        minHeight={180}
        isEmpty={(data) => data.sessions.length === 0}
        empty={<p>No sessions here.</p>}
        actions={
          <Show when={hasOthers()}>
            <EndOthers isBusy={endOthers.isPending} error={endOthers.error} onEnd={() => endOthers.mutateAsync()} />
          </Show>
        }
      >
        {(data) => (
          <>
            <SessionList
              sessions={data().sessions}
              error={end.error}
              isBusy={end.isPending}
              onEnd={(id) => end.mutateAsync(id)}
            />
            <Pager of="your sessions" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <Show when={!me.isPending && me.data?.user}>
        {(user) => <PasswordForm email={user().email ?? ''} hasPassword={user().hasPassword} onChanged={again} />}
      </Show>
    </div>
  )
}
