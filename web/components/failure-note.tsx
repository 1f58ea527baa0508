import { For, Show } from 'solid-js'
import { failureOf, statusOf } from '../api.ts'

/** Asked again, the server would say the same. */
const FINAL = [403, 404]

/**
 * What went wrong, in the server's words, with the code and the request id that support asks for. Where the role is what
 * is missing, that is the title, and there is nothing to try again.
 */
export function FailureNote(props: { title: string; error: unknown; onRetry?: () => void }) {
  const failure = () => failureOf(props.error)
  const status = () => statusOf(props.error)
  return (
    <div class="failure" role="alert">
      <p class="failure-title">{status() === 403 ? 'Not open to you' : props.title}</p>
      <p>
        {failure().message}
        {failure().code === 'auth.role' ? '. An administrator can change your role.' : ''}
      </p>
      <For each={failure().details.filter((detail) => !failure().message.includes(detail))}>
        {(detail) => <p class="mono">{detail}</p>}
      </For>
      <p class="note">
        Code <code>{failure().code}</code>
        <Show when={failure().requestId}>
          {(id) => (
            <>
              {' · request '}
              <code>{id()}</code>
            </>
          )}
        </Show>
      </p>
      <Show when={!FINAL.includes(status() ?? 0) && props.onRetry}>
        {(retry) => (
          <button type="button" class="button" onClick={() => retry()()}>
            Try again
          </button>
        )}
      </Show>
    </div>
  )
}
