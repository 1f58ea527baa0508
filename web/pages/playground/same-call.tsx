import { A } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { CopyField } from '../../components/copy-field.tsx'
import type { Question } from './ask-model.ts'
import { LANGUAGES, type Language, snippetOf } from './snippets.ts'

/** The call of the form as a program would make it. */
export function SameCall(props: { question: Question }) {
  const [language, choose] = createSignal<Language>('curl')
  const text = () => snippetOf(language(), props.question, `${window.location.origin}/v1`)
  return (
    <section class="panel" aria-label="The same from a program">
      <header class="panel-head">
        <h2>The same from a program</h2>
        <fieldset class="switch" aria-label="Language">
          <For each={Object.entries(LANGUAGES) as [Language, string][]}>
            {([one, name]) => (
              <button type="button" aria-pressed={language() === one} onClick={() => choose(one)}>
                {name}
              </button>
            )}
          </For>
        </fieldset>
      </header>
      <Show when={text()} keyed>
        {(code) => <CopyField class="is-code" label={LANGUAGES[language()]} text={code} copy="Copy the program" />}
      </Show>
      <p class="note">
        It reads the key from <code>HELIOX_API_KEY</code>: make one with the scope <code>inference</code> under{' '}
        <A class="link" href="/keys">
          Keys
        </A>
        .
      </p>
    </section>
  )
}
