import { type Component, createSignal, type JSX, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'

/**
 * A part of the page whose code is fetched when it is first needed, or before by `fetch`. Nothing stands in its place
 * until then. Without Suspense, which would take it away while a query in it is asked again.
 */
export function onDemand<Props extends Record<string, unknown>>(load: () => Promise<{ default: Component<Props> }>) {
  const [part, setPart] = createSignal<Component<Props>>()
  let isAsked = false
  /** A fetch that failed is tried again the next time; whoever waits for the part sees nothing happen until then. */
  const fetch = async (): Promise<void> => {
    if (isAsked) return
    isAsked = true
    try {
      const module = await load()
      setPart(() => module.default)
    } catch {
      isAsked = false
    }
  }
  const Part = (props: Props): JSX.Element => {
    void fetch()
    return <Show when={part()}>{(component) => <Dynamic component={component() as Component} {...props} />}</Show>
  }
  return { fetch, isThere: () => part() !== undefined, Part }
}
