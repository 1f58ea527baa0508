import { createSignal, createUniqueId, type JSX, Show } from 'solid-js'
import { Icon } from './icon.tsx'

/** A secret that is on the screen now and never again, with a button that copies it. */
export function ShownOnce(props: { label: string; text: string; children: JSX.Element }) {
  const id = createUniqueId()
  const [outcome, setOutcome] = createSignal('')
  let field!: HTMLInputElement
  const copy = async () => {
    field.select()
    try {
      await navigator.clipboard.writeText(props.text)
      setOutcome('Copied')
    } catch {
      setOutcome('Selected: copy it with your keyboard') // a plain http address has no clipboard
    }
  }
  return (
    <div class="shown-once">
      <label for={id}>{props.label}</label>
      <div class="shown-once-row">
        <input ref={field} id={id} class="mono" readonly value={props.text} onFocus={() => field.select()} />
        <button type="button" class="button" onClick={copy}>
          <Show when={outcome() === 'Copied'}>
            <Icon name="check" />
          </Show>
          Copy
        </button>
      </div>
      <p class="note" role="status">
        {outcome()}
      </p>
      <div class="note">{props.children}</div>
    </div>
  )
}
