import { Icon } from '../../components/icon.tsx'
import { type RuleColumn, RuleRows } from '../../components/rule-rows.tsx'
import { conditionOf, FIELDS, ownerWords, type Rule } from './rule-words.ts'

const COLUMNS: readonly RuleColumn<Rule>[] = [
  {
    name: 'Then',
    cell: ({ field, owner }) => `${FIELDS[field].isOfJobs ? 'job of ' : 'paid by '}${ownerWords(owner)}`,
  },
]

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
    <RuleRows
      rules={props.rules}
      mayWrite={props.mayWrite}
      caption="Rules in their order; the first that matches decides"
      subject="If"
      wordsOf={conditionOf}
      isNumbered
      columns={COLUMNS}
      actions={(rule, at) => (
        <>
          <MoveButton
            to="up"
            rule={rule()}
            isOff={at === 0 || props.isMoving}
            onMove={() => props.onMove(rule(), -1)}
          />
          <MoveButton
            to="down"
            rule={rule()}
            isOff={at === props.rules.length - 1 || props.isMoving}
            onMove={() => props.onMove(rule(), 1)}
          />
        </>
      )}
      onEdit={props.onEdit}
      onRemove={props.onRemove}
    />
  )
}

/** Stays in the way of the keyboard while it is off: who moves a rule to the end keeps the focus. */
function MoveButton(props: { to: 'up' | 'down'; rule: Rule; isOff: boolean; onMove: () => void }) {
  return (
    <button
      type="button"
      class="button is-quiet is-square"
      data-moves={`${props.to} ${props.rule.id}`}
      aria-label={`Move ${conditionOf(props.rule)} ${props.to}`}
      aria-disabled={props.isOff}
      onClick={() => !props.isOff && props.onMove()}
    >
      <Icon name={props.to} />
    </button>
  )
}
