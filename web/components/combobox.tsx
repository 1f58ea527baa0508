import { createEffect, createSignal, Show, untrack } from 'solid-js'
import { onDemand } from '../on-demand.tsx'
import { type ChoiceFieldProps, ChoiceSelect } from './choice-select.tsx'

const box = onDemand(() => import('./combobox-box.tsx'))

/**
 * A field that takes one of many choices: typing narrows them. Until its code is there, and as long as the reader is in
 * it, the browser's own list of the same choices stands in its place and is as high.
 */
export function Combobox(props: ChoiceFieldProps) {
  const [isReady, setReady] = createSignal(box.isThere())
  let own: HTMLDivElement | undefined
  void box.fetch()
  createEffect(() => {
    if (!box.isThere() || untrack(isReady)) return
    if (own?.contains(document.activeElement)) own.addEventListener('focusout', () => setReady(true), { once: true })
    else setReady(true)
  })
  // An element of its own: what is put in anew among its neighbours moves them, and a field that is moved loses the focus.
  return (
    <div ref={own}>
      <Show when={isReady()} fallback={<ChoiceSelect {...props} />}>
        <box.Part {...props} />
      </Show>
    </div>
  )
}
