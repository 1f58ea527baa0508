import { For, Show } from 'solid-js'
import { failureOf } from '../api.ts'

/** What went wrong, in the server's words, with the code and the request id that support asks for. */
export function FailureNote(props: { title: string; error: unknown; onRetry?: () => void }) {
  const failure = () => failureOf(props.error)
  return (
    <div class="failure" role="alert">
      <p class="failure-title">{props.title}</p>
      <p>{failure().message}</p>
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
      <Show when={props.onRetry}>
        {(retry) => (
          <button type="button" class="button" onClick={() => retry()()}>
            Try again
          </button>
        )}
      </Show>
    </div>
  )
}
