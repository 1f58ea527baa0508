import { createSignal, createUniqueId, onMount, Show } from 'solid-js'
import { Icon } from './icon.tsx'

/** Text to take along, all of it in sight, with a button that copies it. Without a clipboard the button selects it. */
export function CopyField(props: { label: string; text: string; copy: string; class?: string }) {
  const id = createUniqueId()
  const [outcome, setOutcome] = createSignal('')
  let field!: HTMLTextAreaElement
  // For browsers without field-sizing: as many lines as it takes.
  onMount(() => {
    field.style.height = `${field.scrollHeight + 2}px`
  })
  const copy = async () => {
    field.select()
    try {
      await navigator.clipboard.writeText(props.text)
      setOutcome('Copied')
    } catch {
      field.focus()
      field.select()
      setOutcome('Selected: copy it with your keyboard') // a plain http address has no clipboard
    }
  }
  return (
    <div class={`copy-field ${props.class ?? ''}`}>
      <label for={id}>{props.label}</label>
      <textarea
        ref={field}
        id={id}
        class="mono"
        rows={1}
        readonly
        spellcheck={false}
        value={props.text}
        onFocus={() => field.select()}
      />
      <div class="copy">
        <button type="button" class="button" aria-label={props.copy} onClick={copy}>
          <Show when={outcome() === 'Copied'}>
            <Icon name="check" />
          </Show>
          Copy
        </button>
        <span class="note" role="status">
          {outcome()}
        </span>
      </div>
    </div>
  )
}
