import { type JSX, Show } from 'solid-js'

/** Words with what they mean behind them, for a pointer, a finger and the focus; bare words where there is nothing to say. */
export function Explained(props: { words: JSX.Element; meaning: string | null | undefined }) {
  return (
    <Show when={props.meaning} fallback={props.words}>
      {(meaning) => (
        <span class="explained" tabindex="0" data-hint={meaning()}>
          {props.words}
        </span>
      )}
    </Show>
  )
}
