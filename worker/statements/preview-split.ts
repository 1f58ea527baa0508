import { z } from 'zod'
import { nanoUsd } from '../../db/units/money.ts'
import { AnsweredId, Usd } from '../answer-fields.ts'
import { allow, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { DecisionFields } from '../settings/split-input.ts'
import { readBook } from './book.ts'
import { MonthText } from './month.ts'
import { METHODS, partsOfPot, sharersOf } from './split.ts'

export const SplitToTry = z.object({ month: MonthText, split: DecisionFields })

export const SplitPreview = z.object({
  month: z.string(),
  method: z.enum(METHODS),
  potNanoUsd: Usd,
  keptNanoUsd: Usd.describe('What stays with the company'),
  parts: z.array(
    z.object({
      teamId: AnsweredId('team'),
      teamName: z.string(),
      chargedNanoUsd: Usd.describe('By its jobs and by rules'),
      partNanoUsd: Usd.describe('Its part of the pot'),
    }),
  ),
})

/**
 * What each team would be given of a month's shared cost by a decision that nobody has made yet, as the ledger is now: the
 * teams that take part, and those that were charged anything. A closed month keeps what it was closed with.
 *
 * @throws HelioxError forbidden `auth.role`, `auth.key_scope`, `auth.whole_company`
 */
export async function previewSplit(
  scope: Scope,
  { month, split }: z.output<typeof SplitToTry>,
): Promise<z.output<typeof SplitPreview>> {
  allow(scope, 'ledger:read')
  requireWholeCompany(scope, 'What teams share')
  const { sums, teams } = await readBook(scope, { months: [month] })
  const ofMonth = sums.get(month) ?? { charged: new Map(), potNanoUsd: nanoUsd(0n) }
  const parts = partsOfPot(ofMonth, sharersOf(ofMonth, split, new Set(teams.keys())))
  const shown = [...teams].filter(([teamId]) => parts.has(teamId) || ofMonth.charged.get(teamId))
  return {
    ...{ month, method: split.method, potNanoUsd: ofMonth.potNanoUsd },
    keptNanoUsd: parts.size === 0 ? ofMonth.potNanoUsd : nanoUsd(0n),
    parts: shown
      .map(([teamId, { name }]) => ({
        ...{ teamId, teamName: name },
        chargedNanoUsd: ofMonth.charged.get(teamId) ?? nanoUsd(0n),
        partNanoUsd: parts.get(teamId) ?? nanoUsd(0n),
      }))
      .sort((a, b) => (a.teamName < b.teamName ? -1 : 1)),
  }
}
