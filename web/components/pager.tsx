import { Show } from 'solid-js'
import { formatCount } from '../format/count.ts'

/** Steps through a long list page by page; nothing where all of it is on screen. */
export function Pager(props: {
  of: string
  skip: number
  limit: number
  total: number
  onSkip: (skip: number) => void
}) {
  const last = () => Math.min(props.skip + props.limit, props.total)
  return (
    <Show when={props.total > props.limit}>
      <nav class="pager" aria-label={`Pages of ${props.of}`}>
        <button
          type="button"
          class="button"
          disabled={props.skip === 0}
          onClick={() => props.onSkip(Math.max(0, props.skip - props.limit))}
        >
          Previous
        </button>
        <span class="note" aria-live="polite">
          {formatCount(props.skip + 1)}–{formatCount(last())} of {formatCount(props.total)}
        </span>
        <button type="button" class="button" disabled={last() >= props.total} onClick={() => props.onSkip(last())}>
          Next
        </button>
      </nav>
    </Show>
  )
}
