import { A } from '@solidjs/router'
import { For, Index } from 'solid-js'
import { RowButton } from '../../components/row-buttons.tsx'
import { formatElapsed, formatInstant } from '../../format/day.ts'
import { type Alert, SEVERITY_WORDS } from './words.ts'

/** What is over: what it was, when, and for how long. */
export function HistoryTable(props: { alerts: readonly Alert[]; onOpen: (id: string) => void }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="History of alerts">
      <table class="is-cards alert-history">
        <caption class="visually-hidden">Alerts that are over, the newest first</caption>
        <thead>
          <tr>
            <For each={['Alert', 'Severity', 'Began', 'Lasted']}>{(title) => <th scope="col">{title}</th>}</For>
            <th scope="col">
              <span class="visually-hidden">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <Index each={props.alerts}>
            {(alert) => (
              <tr>
                <th scope="row">
                  <A href={alert().href}>{alert().title}</A>
                  <span class="note">
                    {alert().ruleName}
                    {alert().teamName ? ` · ${alert().teamName}` : ''}
                  </span>
                </th>
                <td data-label="Severity">
                  <span class={`badge ${SEVERITY_WORDS[alert().severity][1]}`}>
                    {SEVERITY_WORDS[alert().severity][0]}
                  </span>
                </td>
                <td data-label="Began">
                  <time datetime={alert().startedAt}>{formatInstant(alert().startedAt)}</time>
                </td>
                <td data-label="Lasted">{formatElapsed(alert().startedAt, alert().resolvedAt ?? alert().startedAt)}</td>
                <td class="row-actions">
                  <RowButton name="History" of={alert().title} onClick={() => props.onOpen(alert().id)} />
                </td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}
