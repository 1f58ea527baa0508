import { Show } from 'solid-js'
import { formatCount } from '../format/count.ts'

/** Steps through a long list page by page; nothing where all of it is on screen. */
export function Pager(props: {
  of: string
  page: { skip: number; limit: number; total: number }
  onSkip: (skip: number) => void
}) {
  const last = () => Math.min(props.page.skip + props.page.limit, props.page.total)
  return (
    <Show when={props.page.total > props.page.limit}>
      <nav class="pager" aria-label={`Pages of ${props.of}`}>
        <button
          type="button"
          class="button"
          disabled={props.page.skip === 0}
          onClick={() => props.onSkip(Math.max(0, props.page.skip - props.page.limit))}
        >
          Previous
        </button>
        <span class="note" aria-live="polite">
          {formatCount(props.page.skip + 1)}–{formatCount(last())} of {formatCount(props.page.total)}
        </span>
        <button type="button" class="button" disabled={last() >= props.page.total} onClick={() => props.onSkip(last())}>
          Next
        </button>
      </nav>
    </Show>
  )
}
