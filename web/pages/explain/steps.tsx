import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'

export type Step = { words: string; href: string | null }

/** Where the reader is between the figure and its proof; the last step is this page. */
export function Steps(props: { steps: readonly Step[] }) {
  return (
    <nav class="explain-steps" aria-label="Steps">
      <ol>
        <For each={props.steps}>
          {(step) => (
            <li>
              <Show when={step.href} fallback={<span aria-current="page">{step.words}</span>}>
                {(href) => (
                  <A class="link" href={href()}>
                    {step.words}
                  </A>
                )}
              </Show>
            </li>
          )}
        </For>
      </ol>
    </nav>
  )
}
