import { type Component, createResource, lazy, Show } from 'solid-js'
import { Skeleton } from './components/panel.tsx'

type Load = () => Promise<{ default: Component }>

/**
 * A page that is fetched when it is first opened, with grey bars until it is there. Without Suspense on purpose: with it
 * above them, queries that start from the cache take the whole page away for a moment at each refetch, and a dialog
 * that was taken away is not modal any more. Pages say themselves that they are loading.
 */
export function page(load: Load): Component {
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
      <Show when={isThere || loaded()} fallback={<Skeleton label="Loading the page" />}>
        <Page />
      </Show>
    )
  }
  Opened.preload = () => Page.preload() // the router fetches a page whose link is pointed at
  return Opened
}
