import { Index, Show } from 'solid-js'
import { formatInstant } from '../../format/day.ts'
import { conditionsOf, meaningOf, type Rule } from './rule-form.ts'

/** Rules in the order in which they are asked. */
export function RuleTable(props: {
  rules: readonly Rule[]
  mayWrite: boolean
  onEdit: (rule: Rule) => void
  onRemove: (rule: Rule) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Rules">
      <table class="is-cards">
        <caption class="visually-hidden">Rules, the newest first; the first that matches decides</caption>
        <thead>
          <tr>
            <th scope="col">Lines with</th>
            <th scope="col">Are</th>
            <th scope="col">Since</th>
            <Show when={props.mayWrite}>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.rules}>
            {(rule) => (
              <tr>
                <th scope="row">
                  {conditionsOf(rule())}
                  <Show when={rule().note}>{(words) => <span class="note">{words()}</span>}</Show>
                </th>
                <td data-label="Are">{meaningOf(rule())}</td>
                <td data-label="Since" class="nowrap">
                  {formatInstant(rule().createdAt)}
                </td>
                <Show when={props.mayWrite}>
                  <td class="row-actions">
                    <button
                      type="button"
                      class="button is-quiet"
                      aria-label={`Edit the rule for ${conditionsOf(rule())}`}
                      onClick={() => props.onEdit(rule())}
                    >
                      Edit
                    </button>
                    <button
                      type="button"
                      class="button is-quiet"
                      aria-label={`Remove the rule for ${conditionsOf(rule())}`}
                      onClick={() => props.onRemove(rule())}
                    >
                      Remove
                    </button>
                  </td>
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}
