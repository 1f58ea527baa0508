import type { UseQueryResult } from '@tanstack/solid-query'
import { type Accessor, createUniqueId, type JSX, Match, Switch } from 'solid-js'
import { FailureNote } from './failure-note.tsx'
import { NotUpToDate } from './not-up-to-date.tsx'

/**
 * A titled box around one query, showing exactly one of four states: loading, failed, empty, or its content.
 * While refetching, the last content stays, also when the refetch fails: a line then says that it is old.
 * `children` gets an accessor, so new data updates the content in place instead of building it again.
 */
export function Panel<T extends object>(props: {
  title: string
  query: UseQueryResult<T>
  isEmpty: (data: T) => boolean
  empty: JSX.Element
  actions?: JSX.Element
  /** Height of the content to come, in pixels, so that its arrival moves little. */
  minHeight: number
  /** The content keeps that height where it needs less, so that its arrival moves nothing. */
  holdsHeight?: boolean
  class?: string
  /** Its name behind the # of an address: `useAnchor` leads there. */
  anchor?: string
  children: (data: Accessor<T>) => JSX.Element
}) {
  const id = createUniqueId()
  const loaded = () => (props.query.isPending ? undefined : props.query.data)
  const empty = () => {
    const data = loaded()
    return data !== undefined && props.isEmpty(data)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fields are in it; a landmark it is not, since pages have many and the table inside is one of the same name
    <section
      id={props.anchor}
      tabindex={props.anchor === undefined ? undefined : -1}
      role="group"
      class={`panel ${props.class ?? ''}`}
      aria-labelledby={id}
      aria-busy={props.query.isFetching}
    >
      <header class="panel-head">
        <h2 id={id}>{props.title}</h2>
        <div class="panel-actions">{props.actions}</div>
      </header>
      <div
        class="panel-body"
        style={{ 'min-height': loaded() === undefined || props.holdsHeight ? `${props.minHeight}px` : 'auto' }}
      >
        <Switch fallback={<Skeleton label={`Loading ${props.title.toLowerCase()}`} />}>
          <Match when={props.query.isError && loaded() === undefined}>
            <FailureNote title="Could not load this" error={props.query.error} onRetry={() => props.query.refetch()} />
          </Match>
          <Match when={empty()}>
            <div class="empty">{props.empty}</div>
          </Match>
          <Match when={loaded()}>
            {(data) => (
              <>
                <NotUpToDate query={props.query} />
                {props.children(data)}
              </>
            )}
          </Match>
        </Switch>
      </div>
    </section>
  )
}

/** Grey bars where content is about to be; readers of the screen hear `label`. */
export function Skeleton(props: { label: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{props.label}…</span>
      <i class="bone" />
      <i class="bone" />
      <i class="bone" />
      <i class="bone" />
      <i class="bone" />
    </div>
  )
}
