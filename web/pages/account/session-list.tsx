import { createSignal, For, Show } from 'solid-js'
import { type Answers, failureOf } from '../../api.ts'
import { formatInstant } from '../../format/day.ts'
import { deviceName } from '../../format/device.ts'

type Session = Answers['sessions']['list']['sessions'][number]

/** Each sign-in with a button that ends it; this one has none, since that is signing out. */
export function SessionList(props: {
  sessions: readonly Session[]
  isBusy: boolean
  error: unknown
  onEnd: (id: string) => Promise<unknown>
}) {
  const [said, setSaid] = createSignal('')
  let status!: HTMLParagraphElement
  const end = (session: Session) => {
    setSaid('')
    props.onEnd(session.id).then(
      () => {
        setSaid(`${deviceName(session.userAgent)} is signed out.`)
        status.focus() // the button that had the focus is gone
      },
      () => undefined, // shown through props.error
    )
  }
  return (
    <>
      <ul class="sessions">
        <For each={props.sessions}>
          {(session) => (
            <li class="session">
              <div>
                <p class="session-name">
                  {deviceName(session.userAgent)}
                  <Show when={session.isCurrent}>
                    <span class="badge is-good">This device</span>
                  </Show>
                  <Show when={session.kind === 'token'}>
                    <span class="badge">API client</span>
                  </Show>
                </p>
                <p class="note">
                  {session.address || 'unknown address'} · signed in{' '}
                  <time datetime={session.createdAt}>{formatInstant(session.createdAt)}</time>
                </p>
                <p class="note">
                  last used <time datetime={session.usedAt}>{formatInstant(session.usedAt)}</time>, ends{' '}
                  <time datetime={session.expiresAt}>{formatInstant(session.expiresAt)}</time> if left alone
                </p>
              </div>
              <Show when={!session.isCurrent}>
                <button
                  type="button"
                  class="button"
                  disabled={props.isBusy}
                  aria-label={`Sign out ${deviceName(session.userAgent)}, last used ${formatInstant(session.usedAt)}`}
                  onClick={() => end(session)}
                >
                  Sign out
                </button>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <p ref={status} class="note" role="status" tabindex="-1">
        {said()}
      </p>
      <Show when={props.error}>
        <p class="field-problem" role="alert">
          {failureOf(props.error).message}
        </p>
      </Show>
    </>
  )
}
