import { A, useNavigate } from '@solidjs/router'
import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api, failureOf } from '../api.ts'
import { Disclosure } from '../components/disclosure.tsx'
import { endSession } from '../queries.ts'
import type { User } from '../user.ts'

/** Who is signed in, with what role, and the way out. */
export function UserMenu(props: { user: User }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const signOut = useMutation(() => ({
    mutationFn: () => api.auth.signOut.mutate(),
    onSuccess: () => {
      navigate('/sign-in')
      endSession(client)
      // What this reader saw is not for the next one at this screen.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'auth.me' && queryKey[0] !== 'health' })
    },
  }))
  const name = () => props.user.name || props.user.email || props.user.role
  const initials = () => name().slice(0, 1).toUpperCase()
  return (
    <Disclosure
      align="end"
      class="avatar"
      label={`Account of ${name()}`}
      button={<span aria-hidden="true">{initials()}</span>}
    >
      {(close) => (
        <div class="user-menu">
          <p class="user-name">{name()}</p>
          <Show when={props.user.name}>
            <p class="note">{props.user.email}</p>
          </Show>
          <p class="note">
            Role: {props.user.role}
            <Show when={props.user.teamName}>{(team) => <> · {team()}</>}</Show>
          </p>
          <A class="button" href="/account" onClick={close}>
            Your account
          </A>
          {/* A page of its own, not one of these. */}
          <a class="button" href="/docs" target="_self">
            API
          </a>
          <button type="button" class="button" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
            Sign out
          </button>
          <Show when={signOut.error}>
            <p class="field-problem" role="alert">
              {failureOf(signOut.error).message}
            </p>
          </Show>
        </div>
      )}
    </Disclosure>
  )
}
