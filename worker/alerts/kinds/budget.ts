import { inArray } from 'drizzle-orm'
import { z } from 'zod'
import { apiKeys } from '../../../db/schema/keys.ts'
import type { KeyId, TeamId } from '../../../db/units/ids.ts'
import { addDays, type Day, dayOf } from '../../../db/units/time.ts'
import { type Budget, selectBudgets } from '../../budgets/budget.ts'
import { budgetWords } from '../../budgets/budget-words.ts'
import { withStanding } from '../../budgets/standing.ts'
import { addressOf, costByTeam, costOf } from './days.ts'
import { Marks, marksOf } from './fields.ts'
import type { AlertKind, AlertScope, Finding } from './kind.ts'
import { teamBudgets } from './team-budgets.ts'
import { dollars, percent } from './words.ts'

const Params = z.object({
  marks: Marks.default('50, 80, 100').meta({ title: 'Marks, % of the budget', examples: ['50, 80, 100'] }),
  of: z
    .enum(['both', 'teams', 'gateway'])
    .default('both')
    .meta({ title: 'Which budgets', description: 'teams: monthly, of all cost. gateway: of calls of models' }),
})
type Params = z.output<typeof Params>

/**
 * A mark of a budget that is passed, once per budget, period and mark: it holds until the period is over, so nothing comes
 * and goes with it. Days that are incomplete count as far as they are known, since what is spent is spent.
 */
export const budget: AlertKind<Params> = {
  name: 'budget',
  title: 'Budget marks',
  describes:
    'Parts in per cent of teams’ monthly budgets and of the gateway’s budgets that are spent: once per budget, period and mark.',
  params: Params,
  of: ['company', 'team'],
  async look(scope, { params, teamId }) {
    const marks = marksOf(params.marks)
    return [
      ...(params.of === 'gateway' ? [] : await ofTeams(scope, marks, teamId)),
      ...(params.of === 'teams' ? [] : await ofGateway(scope, marks, teamId)),
    ]
  },
}

async function ofTeams(scope: AlertScope, marks: readonly number[], teamId: TeamId | null): Promise<Finding[]> {
  const budgets = (await teamBudgets(scope, teamId)).filter(({ budgetNanoUsd }) => (budgetNanoUsd ?? 0n) > 0n)
  if (budgets.length === 0) return []
  const today = dayOf(scope.now())
  const month = { from: `${today.slice(0, 7)}-01` as Day, before: addDays(today, 1) }
  const spent = teamId ? new Map([[teamId, await costOf(scope, month, teamId)]]) : await costByTeam(scope, month)
  return budgets.flatMap(({ id, name, budgetNanoUsd }) => {
    const [limit, sum] = [budgetNanoUsd ?? 0n, spent.get(id) ?? 0n]
    return marks
      .filter((mark) => sum * 100n >= limit * BigInt(mark))
      .map((mark) => ({
        ...{ groupKey: `${id} ${today.slice(0, 7)} ${mark}`, teamId: id, href: addressOf('/explore', month, id) },
        title: `${name} has spent ${mark} % of its monthly budget`,
        text: `${dollars(sum)} of ${dollars(limit)} are known for ${today.slice(0, 7)} so far.`,
        facts: factsOf(dollars(sum), dollars(limit), percent(sum, limit)),
      }))
  })
}

async function ofGateway(scope: AlertScope, marks: readonly number[], teamId: TeamId | null): Promise<Finding[]> {
  const stored = await selectBudgets(scope.db, scope)
  const standing = await withStanding(scope, stored, scope.meter)
  const keyIds = stored.flatMap(({ scope: of, scopeId }) => (of === 'key' ? [scopeId as KeyId] : []))
  const keys = new Map(keyIds.length === 0 ? [] : await teamsOfKeys(scope, keyIds))
  const whose = ({ scope: of, scopeId }: Budget): TeamId | null =>
    of === 'team' ? (scopeId as TeamId) : of === 'key' ? (keys.get(scopeId as KeyId) ?? null) : null
  return standing
    .filter((one) => teamId === null || whose(one) === teamId)
    .flatMap((one) => {
      const words = budgetWords(one, one.name ?? one.scopeId ?? '')
      const isUsd = one.limitNanoUsd !== null
      const spent = isUsd ? dollars(one.spentNanoUsd) : `${one.spentTokens.toLocaleString('en-US')} tokens`
      const limit = isUsd ? dollars(one.limitNanoUsd ?? 0n) : `${(one.limitTokens ?? 0).toLocaleString('en-US')} tokens`
      const share = one.spentPercent
      if (share === null) return []
      return marks
        .filter((mark) => share >= mark)
        .map((mark) => ({
          ...{ groupKey: `${one.id} ${one.periodStart} ${mark}`, teamId: whose(one), href: '/budgets' },
          title: `${mark} % spent of ${words}`,
          text: `${spent} by calls that have ended. It begins again at ${new Date(one.beginsAgainAtMs).toISOString()}.`,
          facts: factsOf(spent, limit, `${share} %`),
        }))
    })
}

async function teamsOfKeys({ db }: AlertScope, ids: KeyId[]): Promise<[KeyId, TeamId | null][]> {
  const rows = await db.select({ id: apiKeys.id, teamId: apiKeys.teamId }).from(apiKeys).where(inArray(apiKeys.id, ids))
  return rows.map(({ id, teamId }) => [id, teamId])
}

function factsOf(spent: string, limit: string, share: string): Finding['facts'] {
  return [
    { name: 'Spent', value: spent },
    { name: 'Budget', value: limit },
    { name: 'Part', value: share },
  ]
}
