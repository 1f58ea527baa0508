import { For, Index, type JSX, Show } from 'solid-js'

/** A column of a table of rules, after the one that says which things a rule is about. */
export type RuleColumn<Rule> = { name: string; isNowrap?: boolean; cell: (rule: Rule) => JSX.Element }

/**
 * Rules in the order in which they are asked, with what each is about, what follows, and the buttons of who may write.
 * Rows go by place: one that changed keeps its buttons, and so the focus that a dialog gives back.
 */
export function RuleRows<Rule extends { note: string }>(props: {
  rules: readonly Rule[]
  /** "Rules in their order; the first that matches decides". */
  caption: string
  /** The name of the first column. */
  subject: string
  /** What a rule is about, in words: it names the rule on its buttons. */
  wordsOf: (rule: Rule) => string
  isNumbered?: boolean
  columns: readonly RuleColumn<Rule>[]
  mayWrite: boolean
  /** Buttons before the two that every rule has. */
  actions?: (rule: () => Rule, at: number) => JSX.Element
  onEdit: (rule: Rule) => void
  onRemove: (rule: Rule) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Rules">
      <table class="is-cards">
        <caption class="visually-hidden">{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{props.subject}</th>
            <For each={props.columns}>{({ name }) => <th scope="col">{name}</th>}</For>
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
                  <Show when={props.isNumbered}>
                    <span class="muted">{at + 1}. </span>
                  </Show>
                  {props.wordsOf(rule())}
                  <Show when={rule().note}>{(words) => <span class="note">{words()}</span>}</Show>
                </th>
                <For each={props.columns}>
                  {(column) => (
                    <td data-label={column.name} classList={{ nowrap: column.isNowrap }}>
                      {column.cell(rule())}
                    </td>
                  )}
                </For>
                <Show when={props.mayWrite}>
                  <td class="row-actions">
                    {props.actions?.(rule, at)}
                    <RowButton name="Edit" rule={props.wordsOf(rule())} onPress={() => props.onEdit(rule())} />
                    <RowButton name="Remove" rule={props.wordsOf(rule())} onPress={() => props.onRemove(rule())} />
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

function RowButton(props: { name: string; rule: string; onPress: () => void }) {
  return (
    <button
      type="button"
      class="button is-quiet"
      aria-label={`${props.name} the rule for ${props.rule}`}
      onClick={() => props.onPress()}
    >
      {props.name}
    </button>
  )
}
