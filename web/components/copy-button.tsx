import { createSignal, Show } from 'solid-js'

/** Copies text, and says so; where the browser does not let it, the reader is told to copy by hand. */
export function CopyButton(props: { text: string; label: string }) {
  const [said, setSaid] = createSignal('')
  const copy = async () => {
    const isDone = await Promise.resolve(navigator.clipboard?.writeText(props.text)).then(
      () => navigator.clipboard !== undefined, // absent where the page came over plain http
      () => false,
    )
    setSaid(isDone ? 'Copied' : 'Copy it by hand: this browser does not allow it')
  }
  return (
    <span class="copy">
      <button type="button" class="button" aria-label={props.label} onClick={copy}>
        Copy
      </button>
      <span role="status" class="note">
        <Show when={said()}>{said()}</Show>
      </span>
    </span>
  )
}
