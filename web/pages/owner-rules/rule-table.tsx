import { Index, Show } from 'solid-js'
import { Icon } from '../../components/icon.tsx'
import { conditionOf, FIELDS, ownerWords, type Rule } from './rule-words.ts'

/** Rules in the order in which they are asked; the first that matches decides. */
export function RuleTable(props: {
  rules: readonly Rule[]
  mayWrite: boolean
  isMoving: boolean
  onMove: (rule: Rule, by: -1 | 1) => void
  onEdit: (rule: Rule) => void
  onRemove: (rule: Rule) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Rules">
      <table class="is-cards">
        <caption class="visually-hidden">Rules in their order; the first that matches decides</caption>
        <thead>
          <tr>
            <th scope="col">If</th>
            <th scope="col">Then</th>
            <Show when={props.mayWrite}>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.rules}>
            {(rule, at) => (
              <tr>
                <th scope="row">
                  <span class="muted">{at + 1}. </span>
                  {conditionOf(rule())}
                  <Show when={rule().note}>{(words) => <span class="note">{words()}</span>}</Show>
                </th>
                <td data-label="Then">
                  {FIELDS[rule().field].isOfJobs ? 'job of ' : 'paid by '}
                  {ownerWords(rule().owner)}
                </td>
                <Show when={props.mayWrite}>
                  <td class="row-actions">
                    <button
                      type="button"
                      class="button is-quiet is-square"
                      data-moves={`up ${rule().id}`}
                      aria-label={`Move ${conditionOf(rule())} up`}
                      aria-disabled={at === 0 || props.isMoving}
                      onClick={() => at > 0 && !props.isMoving && props.onMove(rule(), -1)}
                    >
                      <Icon name="up" />
                    </button>
                    <button
                      type="button"
                      class="button is-quiet is-square"
                      data-moves={`down ${rule().id}`}
                      aria-label={`Move ${conditionOf(rule())} down`}
                      aria-disabled={at === props.rules.length - 1 || props.isMoving}
                      onClick={() => at < props.rules.length - 1 && !props.isMoving && props.onMove(rule(), 1)}
                    >
                      <Icon name="down" />
                    </button>
                    <button
                      type="button"
                      class="button is-quiet"
                      aria-label={`Edit the rule for ${conditionOf(rule())}`}
                      onClick={() => props.onEdit(rule())}
                    >
                      Edit
                    </button>
                    <button
                      type="button"
                      class="button is-quiet"
                      aria-label={`Remove the rule for ${conditionOf(rule())}`}
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
