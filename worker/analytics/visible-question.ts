import { allow, requireTeam, requireWholeCompany, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { billFilters } from './bill-conditions.ts'
import { isBillName, type Name } from './dimensions.ts'
import type { Question } from './window.ts'

declare const narrowed: unique symbol

/**
 * A question whose filter on teams is no wider than what the asker may see. Only `visibleQuestion` makes one, and the
 * ledger's SQL takes no other: an answer that forgot to narrow does not compile.
 */
export type Visible<Q extends Question = Question> = Q & {
  /** The answer holds the asker's teams only. */
  readonly isPartial: boolean
  readonly [narrowed]: true
}

/**
 * The question as far as the asker may see its answer: asked teams ∩ visible teams; without asked teams all visible ones.
 * For who sees the whole company it stays as it is.
 *
 * @throws HelioxError forbidden `auth.role`, `auth.key_scope`; `auth.other_team` for a team outside; `auth.whole_company`
 *   for what would show the whole bill: the exposure basis, cost by what only the bill knows, or narrowed to it
 */
export function visibleQuestion<Q extends Question>(
  scope: Pick<Scope, 'actor'>,
  question: Q,
  names: readonly Name[] = [],
): Visible<Q> {
  allow(scope, 'ledger:read')
  const { basis, filters } = question
  const teams = visibleTeams(scope)
  if (teams === null) return { ...question, isPartial: false } as Visible<Q>
  if (basis === 'exposure') requireWholeCompany(scope, 'Cost by exposure')
  for (const name of [...names.filter(isBillName), ...billFilters(question)])
    requireWholeCompany(scope, `Cost by ${name}`)
  for (const teamId of filters.teamId ?? []) requireTeam(scope, teamId)
  return { ...question, filters: { ...filters, teamId: filters.teamId ?? teams }, isPartial: true } as Visible<Q>
}
