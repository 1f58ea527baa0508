import { Index, Show } from 'solid-js'
import { CHECKS, STATUS, type State } from './words.ts'

/** What Heliox needs, whether it is there, and how long it took to find out. Rows stay as they are while it is asked again. */
export function ChecksTable(props: { health: State['health'] }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Checks">
      <table class="checks is-cards">
        <caption class="visually-hidden">Checks</caption>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">State</th>
            <th scope="col">What was found</th>
            <th scope="col" class="number">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          <Index each={props.health.checks}>
            {(check) => (
              <tr>
                <th scope="row">
                  {CHECKS[check().name].name}
                  <span class="note check-words">
                    {CHECKS[check().name].words}
                    {check().isCritical ? '' : ' Heliox works on without it.'}
                  </span>
                </th>
                <td data-label="State">
                  <span class={`badge ${STATUS[check().status][1]}`}>{STATUS[check().status][0]}</span>
                </td>
                <td data-label="What was found">
                  <div>
                    {check().message ?? '–'}
                    <Show
                      when={check().status !== 'healthy'}
                      fallback={
                        <details class="note">
                          <summary>If it fails</summary>
                          {CHECKS[check().name].todo}
                        </details>
                      }
                    >
                      <span class="check-todo">
                        <b>What to do:</b> {CHECKS[check().name].todo}
                      </span>
                    </Show>
                  </div>
                </td>
                <td data-label="Took" class="number muted">
                  {check().durationMs === null ? '–' : `${check().durationMs} ms`}
                </td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}
