import { type RuleColumn, RuleRows } from '../../components/rule-rows.tsx'
import { formatInstant } from '../../format/day.ts'
import { conditionsOf, meaningOf, type Rule } from './rule-form.ts'

const COLUMNS: readonly RuleColumn<Rule>[] = [
  { name: 'Are', cell: meaningOf },
  { name: 'Since', isNowrap: true, cell: (rule) => formatInstant(rule.createdAt) },
]

/** Rules in the order in which they are asked. */
export function RuleTable(props: {
  rules: readonly Rule[]
  mayWrite: boolean
  onEdit: (rule: Rule) => void
  onRemove: (rule: Rule) => void
}) {
  return (
    <RuleRows
      {...props}
      caption="Rules, the newest first; the first that matches decides"
      subject="Lines with"
      wordsOf={conditionsOf}
      columns={COLUMNS}
    />
  )
}
