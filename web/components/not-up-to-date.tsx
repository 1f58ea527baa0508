import type { UseQueryResult } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { formatInstant } from '../format/day.ts'
import { FailureNote } from './failure-note.tsx'

type Asked = Pick<UseQueryResult<unknown>, 'isRefetchError' | 'dataUpdatedAt' | 'error' | 'refetch'>

/** Of a panel whose content stays though asking again failed: from when it is, and why there is nothing newer. */
export function NotUpToDate(props: { query: Asked }) {
  return (
    <Show when={props.query.isRefetchError}>
      <FailureNote
        title={`Not up to date: from ${instantOf(props.query.dataUpdatedAt)}`}
        error={props.query.error}
        onRetry={() => void props.query.refetch()}
      />
    </Show>
  )
}

/** The same of figures beside each other, in one line; the oldest of them tells the time. Nothing while all are new. */
export function LastFigures(props: { queries: readonly Asked[] }) {
  const failed = () => props.queries.filter(({ isRefetchError }) => isRefetchError)
  const oldest = () => Math.min(...failed().map(({ dataUpdatedAt }) => dataUpdatedAt))
  const askAgain = () => {
    for (const query of failed()) void query.refetch()
  }
  return (
    <Show when={failed().length > 0}>
      <p class="last-figures" role="alert">
        <b>Figures from {instantOf(oldest())}.</b> Heliox was asked again and did not answer.{' '}
        <button type="button" class="link" onClick={askAgain}>
          Try again
        </button>
      </p>
    </Show>
  )
}

function instantOf(atMs: number): string {
  return formatInstant(new Date(atMs).toISOString())
}
