import { For, Show } from 'solid-js'
import { formatTokens } from '../../format/count.ts'
import type { RequestAlone } from './request-words.ts'

const BUCKETS = [
  ['inputTokens', 'Input', 'series-1'],
  ['cachedInputTokens', 'Cached input', 'series-7'],
  ['cacheWriteTokens', 'Cache writes', 'series-5'],
  ['outputTokens', 'Output', 'series-2'],
  ['reasoningTokens', 'Reasoning', 'series-8'],
] as const

/** A call's tokens by bucket: parts of one bar, which do not overlap. */
export function TokenBar(props: { request: RequestAlone }) {
  const parts = () =>
    BUCKETS.flatMap(([name, words, colour]) => {
      const count = props.request[name]
      return count === null ? [] : [{ words, colour, count }]
    })
  return (
    <Show when={parts().length > 0} fallback={<p class="note">Nobody counted the tokens of this call.</p>}>
      <div class="request-bar" aria-hidden="true">
        <For each={parts().filter(({ count }) => count > 0)}>
          {(part) => <i style={{ 'flex-grow': part.count, background: `var(--${part.colour})` }} />}
        </For>
      </div>
      <ul class="request-legend" aria-label="Tokens by bucket">
        <For each={parts()}>
          {(part) => (
            <li>
              <i class="swatch" style={{ background: `var(--${part.colour})` }} />
              {part.words} {formatTokens(part.count)}
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
