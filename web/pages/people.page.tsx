import { useSearchParams } from '@solidjs/router'
import { useQuery, useQueryClient } from '@tanstack/solid-query'
import { createSignal, onCleanup, Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { useUser } from '../user.ts'
import { InviteDialog } from './people/invite-dialog.tsx'
import { PeopleTable } from './people/people-table.tsx'
import { PersonDialog } from './people/person-dialog.tsx'
import type { Person } from './people/words.ts'

const LIMIT = 50
const TYPING_MS = 250

/** Everybody with an account: administrators invite and change people, finance reads. */
export default function PeoplePage() {
  const client = useQueryClient()
  const [params, setParams] = useSearchParams<{ skip?: string; search?: string }>()
  const skip = () => readSkip(params.skip)
  const search = () => (params.search ?? '').slice(0, 200)
  const list = useQuery(() => ({
    queryKey: ['users.list', skip(), search()],
    queryFn: () => api.users.list.query({ skip: skip(), limit: LIMIT, search: search() }),
  }))
  const user = useUser()
  const isAdmin = () => user()?.role === 'admin'
  const [isInviting, setInviting] = createSignal(false)
  const [edited, setEdited] = createSignal<Person['id'] | null>(null)
  const person = () => (list.isPending ? undefined : list.data?.users.find(({ id }) => id === edited()))
  let searchField!: HTMLInputElement
  let typing: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(typing))
  const seek = (text: string) => {
    clearTimeout(typing)
    typing = setTimeout(() => setParams({ search: text.trim() || null, skip: null }, { replace: true }), TYPING_MS)
  }
  const afterRemoval = () => {
    setEdited(null)
    // The button that opened the dialog is gone with its row. A moment later: closing, the dialogs move the focus too.
    setTimeout(() => searchField.focus())
    void client.invalidateQueries({ queryKey: ['users.list'] })
  }

  return (
    <div class="page">
      <div class="page-head">
        <PageHeading title="People" />
        <Show when={isAdmin()}>
          <button type="button" class="button is-primary" onClick={() => setInviting(true)}>
            Invite a person
          </button>
        </Show>
      </div>
      <Panel
        title="Accounts"
        query={list}
        minHeight={280}
        isEmpty={(data) => data.total === 0}
        empty={<p>{search() ? `Nobody’s name or e-mail has “${search()}” in it.` : 'Nobody has an account yet.'}</p>}
        actions={
          <input
            ref={searchField}
            type="search"
            class="people-search"
            aria-label="Search by name or e-mail"
            placeholder="Name or e-mail"
            value={search()}
            onInput={(event) => seek(event.currentTarget.value)}
          />
        }
      >
        {(data) => (
          <>
            <PeopleTable people={data().users} onEdit={isAdmin() ? setEdited : undefined} />
            <Pager of="people" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <Show when={isInviting()}>
        <InviteDialog onClose={() => setInviting(false)} />
      </Show>
      <Show when={person()}>
        {(one) => (
          <PersonDialog
            person={one()}
            isMe={one().id === user()?.id}
            onClose={() => setEdited(null)}
            onRemoved={afterRemoval}
          />
        )}
      </Show>
    </div>
  )
}
