import type { TeamId } from '../../db/units/ids.ts'
import { exactOfText, type NanoUsd, toNanoUsd, type UsdText, usdText } from '../../db/units/money.ts'
import type { Decision } from './split.ts'
import { Statement } from './statement-fields.ts'

/**
 * An amount of a closed month that a later closed month has taken: `teamId` null is the company's. The team's name as it was
 * then is not in the oldest documents.
 */
export type Taken = { month: string; teamId: TeamId | null; name?: string; amountNanoUsd: NanoUsd }

/**
 * What later months need of a closed one: by which decision, what each team owed of it (without adjustments) and what
 * stayed with the company, and which adjustments it took.
 */
export type Settled = {
  decision: Decision
  teams: { teamId: TeamId; name: string; owedNanoUsd: NanoUsd }[]
  keptNanoUsd: NanoUsd
  taken: Taken[]
}
export type Closed = Settled & { month: string; closedAtMs: number; closedBy: string }

/** Raised when the document takes another shape; old ones stay readable. */
const FORMAT = 1

/** A closed month as it is stored. Amounts are decimal text, everything else is as in the answer. */
export function documentOf(statement: Statement, settled: Settled): string {
  return JSON.stringify(stored({ format: FORMAT, settled, statement }))
}

/** The statement of a document, as it was answered when the month was closed. */
export function statementOf(text: string): Statement {
  const { statement } = restored(JSON.parse(text)) as { statement: unknown }
  return Statement.parse(statement)
}

/** What later months need, of the part of a document that holds it. */
export function settledOf(text: string): Settled {
  return restored(JSON.parse(text)) as Settled
}

/** costNanoUsd 2490000000n → costUsd "2.49". */
function stored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stored)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name.replace(/NanoUsd$/, 'Usd'),
      typeof item === 'bigint' ? usdText(item as NanoUsd) : stored(item),
    ]),
  )
}

/** And back. */
function restored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restored)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (!name.endsWith('Usd')) return [name, restored(item)]
      const amount = item === null ? null : toNanoUsd(exactOfText(item as UsdText))
      return [name.replace(/Usd$/, 'NanoUsd'), amount]
    }),
  )
}
