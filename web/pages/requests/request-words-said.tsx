import { For, Show } from 'solid-js'
import type { RequestAlone } from './request-words.ts'

type Message = { role: string; text: string }

/** What was said, where the team keeps it and the reader may see it. */
export function WordsSaid(props: { request: RequestAlone }) {
  return (
    <Show
      when={props.request.body}
      fallback={
        <p class="note">
          {props.request.bodyState === 'hidden'
            ? 'What was said is kept, for developers of the team and administrators.'
            : 'What was said is not kept. A team can turn that on for its calls.'}
        </p>
      }
    >
      {(body) => (
        <div class="request-words">
          <For each={messagesIn(body().messages)}>
            {(message) => (
              <section>
                <h3>{message.role}</h3>
                <pre>{message.text}</pre>
              </section>
            )}
          </For>
          <section>
            <h3>Answer</h3>
            <pre>{textOf(JSON.parse(body().response))}</pre>
          </section>
        </div>
      )}
    </Show>
  )
}

function messagesIn(text: string): Message[] {
  const said: unknown = JSON.parse(text)
  if (!Array.isArray(said)) return said === null ? [] : [{ role: 'Asked', text: textOf(said) }]
  return said.map((one: { role?: unknown; content?: unknown } | null) => ({
    role: typeof one?.role === 'string' ? one.role : 'Asked',
    text: textOf(one && 'content' in one && typeof one.content === 'string' ? one.content : one),
  }))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
