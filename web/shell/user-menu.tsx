import { useNavigate } from '@solidjs/router'
import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api, failureOf } from '../api.ts'
import { type Action, ActionMenu } from '../components/action-menu.tsx'
import { sayResult } from '../components/results.ts'
import { endSession } from '../queries.ts'
import type { User } from '../user.ts'

/** Who is signed in, with what role, and the way out. */
export function UserMenu(props: { user: User }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const signOut = useMutation(() => ({
    mutationFn: () => api.auth.signOut.mutate(),
    onError: (error) => sayResult(failureOf(error).message),
    onSuccess: () => {
      navigate('/sign-in')
      endSession(client)
      // What this reader saw is not for the next one at this screen.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'auth.me' && queryKey[0] !== 'health' })
    },
  }))
  const name = () => props.user.name || props.user.email || props.user.role
  const initials = () => name().slice(0, 1).toUpperCase()
  const actions: Action[] = [
    { words: 'Your account', run: () => navigate('/account') },
    // A page of its own, not one of these.
    { words: 'API', run: () => window.location.assign('/docs') },
    { words: 'Sign out', run: () => signOut.isPending || signOut.mutate() },
  ]
  return (
    <ActionMenu
      class="avatar"
      label={`Account of ${name()}`}
      button={<span aria-hidden="true">{initials()}</span>}
      about={
        <>
          <span class="user-name">{name()}</span>
          <Show when={props.user.name}>
            <span class="note">{props.user.email}</span>
          </Show>
          <span class="note">
            Role: {props.user.role}
            <Show when={props.user.teamName}>{(team) => <> · {team()}</>}</Show>
          </span>
        </>
      }
      actions={actions}
    />
  )
}
