import type { RoutePreloadFunc } from '@solidjs/router'
import { type FetchQueryOptions, useQueryClient } from '@tanstack/solid-query'
import { type Component, createResource, lazy, onCleanup, Show } from 'solid-js'
import { PageHeading } from './components/page-heading.tsx'
import { Skeleton } from './components/panel.tsx'

/** What an address says: its query, and the parts of its path that are names. */
export type Address = { params: Partial<Record<string, string>>; query: Record<string, string | string[] | undefined> }

/** What a page asks first at an address, under the keys of its own queries: asked before, when its link is pointed at. */
// biome-ignore lint/suspicious/noExplicitAny: each query answers something else
export type FirstQueries = (address: Address) => readonly FetchQueryOptions<any, any, any, any>[]

type Load = () => Promise<{ default: Component; firstQueries?: FirstQueries }>

/**
 * Component and preload of a page's route. The page is fetched when it is first opened, with grey bars until it is there. Without Suspense on purpose: with it
 * above them, queries that start from the cache take the whole page away for a moment at each refetch, and a dialog
 * that was taken away is not modal any more. Pages say themselves that they are loading.
 */
export function page(load: Load): { component: Component; preload: RoutePreloadFunc } {
  const Page = lazy(load)
  let isThere = false
  const fetched = () =>
    Page.preload().then(() => {
      isThere = true
      return true
    })
  const Opened: Component & { preload?: Load } = () => {
    const [loaded] = createResource(fetched, isThere ? { initialValue: true } : {})
    return (
      <Show when={!loaded.error} fallback={<NotFetched />}>
        <Show when={isThere || loaded()} fallback={<Skeleton label="Loading the page" />}>
          <Page />
        </Show>
      </Show>
    )
  }
  Opened.preload = () => Page.preload() // the router fetches a page whose link is pointed at
  return { component: Opened, preload: (at) => askFirst(load, at) }
}

/**
 * A page whose code did not come. A browser remembers that, so that only a page loaded anew asks for it anew: by itself when
 * the network is back.
 */
function NotFetched() {
  const reload = () => window.location.reload()
  window.addEventListener('online', reload)
  onCleanup(() => window.removeEventListener('online', reload))
  return (
    <section class="panel empty is-large" role="alert">
      <PageHeading title="This page did not load" />
      <p>Heliox could not be reached. The page is loaded again when you are back online.</p>
      <button type="button" class="button is-primary" onClick={reload}>
        Load the page again
      </button>
    </section>
  )
}

/** Only for a link that is pointed at: a page that is opened asks by itself. */
function askFirst(load: Load, { intent, params, location }: Parameters<RoutePreloadFunc>[0]): void {
  if (intent !== 'preload') return
  const client = useQueryClient()
  void load().then(
    ({ firstQueries }) => {
      for (const query of firstQueries?.({ params, query: location.query }) ?? []) void client.prefetchQuery(query)
    },
    () => undefined, // told when the page is opened
  )
}
