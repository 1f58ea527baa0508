import { Index, Show } from 'solid-js'
import { formatAgo } from '../../format/ago.ts'
import { formatInstant } from '../../format/day.ts'
import { type State, TASKS } from './words.ts'

/** What the clock does by itself, and when it last came to its end. */
export function ClockTable(props: { clock: State['clock']; now: string }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Clock">
      <table class="checks is-cards">
        <caption class="visually-hidden">Clock</caption>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Last finished</th>
          </tr>
        </thead>
        <tbody>
          <Index each={props.clock}>
            {(run) => (
              <tr>
                <th scope="row">
                  {TASKS[run().task].name}
                  <span class="note check-words">{TASKS[run().task].words}</span>
                </th>
                <td data-label="Last finished">
                  <Show when={run().finishedAt} fallback={<span class="muted">Never yet</span>}>
                    {(at) => (
                      <div>
                        <time datetime={at()}>{formatAgo(at(), props.now)}</time>
                        <span class="note check-words">{formatInstant(at())}</span>
                      </div>
                    )}
                  </Show>
                </td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}
