import { createMemo, lazy, Show } from 'solid-js'
import { saidResults } from './results.ts'

const ToastRegion = lazy(() => import('./toast-region.tsx'))

/** Where results of actions appear; fetched with the first of them. */
export function Toasts() {
  const isWanted = createMemo<boolean>((was) => was || saidResults().length > 0, false)
  return (
    <Show when={isWanted()}>
      <ToastRegion />
    </Show>
  )
}
