import { For, Index, Show } from 'solid-js'
import { formatAgo } from '../../format/ago.ts'
import { formatCountOf } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { clockHistory } from './clock-history.ts'
import { type State, TASKS } from './words.ts'

/** What the clock does by itself, when it last came to its end, and how regular it has been. */
export function ClockTable(props: { clock: State['clock']; now: string }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Clock">
      <table class="checks is-cards">
        <caption class="visually-hidden">Clock</caption>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Last finished</th>
            <th scope="col">Before that</th>
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
                <td data-label="Before that">
                  <Before ends={run().ends} dueMinutes={TASKS[run().task].dueMinutes} />
                </td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}

type Ends = State['clock'][number]['ends']

/** The longest pause in a line, and every end that is kept behind it. */
function Before(props: { ends: Ends; dueMinutes: number }) {
  const history = () => clockHistory(props.ends, props.dueMinutes)
  return (
    <Show when={history()} fallback={<span class="muted">–</span>}>
      {(known) => (
        <div>
          <Show when={known().longest} fallback={<span class="muted">Only once so far</span>}>
            {(longest) => (
              <span classList={{ 'is-warning': known().isGappy }}>
                Longest pause {pauseWords(longest().minutes)}
                <span class="note check-words">until {formatInstant(longest().before)}</span>
              </span>
            )}
          </Show>
          <Show when={known().count > 1}>
            <details class="clock-ends">
              <summary>The last {formatCountOf(known().count, 'time')}</summary>
              <ol>
                <For each={props.ends}>
                  {({ finishedAt }) => (
                    <li>
                      <time datetime={finishedAt}>{formatInstant(finishedAt)}</time>
                    </li>
                  )}
                </For>
              </ol>
            </details>
          </Show>
        </div>
      )}
    </Show>
  )
}

/** "less than a minute", "5 minutes", "3 hours", "2 days". */
function pauseWords(minutes: number): string {
  if (minutes === 0) return 'less than a minute'
  if (minutes < 120) return formatCountOf(minutes, 'minute')
  const hours = Math.round(minutes / 60)
  return hours < 48 ? formatCountOf(hours, 'hour') : formatCountOf(Math.round(hours / 24), 'day')
}
