import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { closedMonths } from '../../db/schema/statements.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import { reconciliation } from '../analytics/reconciliation.ts'
import { refreshRunning } from '../analytics/refresh-running.ts'
import { shareSoon } from '../analytics/share.ts'
import { readVersion } from '../answer-cache/ledger-version.ts'
import { note } from '../audit/note.ts'
import { endDeployments } from '../deployments/end-deployments.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'
import { type Book, readBook } from './book.ts'
import { whyNotClosable } from './closable.ts'
import { documentOf, statementOf } from './document.ts'
import { drawUp } from './draw-up.ts'
import { MonthText, questionOf, windowOf } from './month.ts'
import type { StatementAlone } from './statement.ts'
import type { Statement } from './statement-fields.ts'

export const MonthToClose = z.object({ month: MonthText })

/** How often a statement is drawn up again because the ledger changed before it was stored. */
const ATTEMPTS = 10

/**
 * Closes a month that is over: its statement is stored as it is now, with the adjustments it takes, and is never changed,
 * reopened or removed. What comes later for its days, and what was shared otherwise, is an adjustment of the next open
 * month. Jobs that still run are counted up to now first, and changed pool-days are shared.
 *
 * @throws HelioxError forbidden `auth.role`, `auth.key_scope`
 * @throws HelioxError conflict `statements.already_closed`, `.not_over`, `.gap`, `.nothing_there`, `.being_shared`,
 *   `.does_not_add_up`
 * @throws HelioxError unavailable `statements.busy`: the ledger changes all the time, as while a file is imported
 */
export async function closeMonth(scope: Scope, { month }: z.output<typeof MonthToClose>): Promise<StatementAlone> {
  allow(scope, 'statements:close')
  requireClosable(await readBook(scope), month, scope)
  await endDeployments(scope)
  await refreshRunning(scope)
  await shareSoon(scope, sql`p.day < ${windowOf(month).before}`)
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const book = await readBook(scope, { detail: month })
    requireClosable(book, month, scope)
    const { statement: open, settled } = drawUp(book, month)
    const billNanoUsd = await requireItAddsUp(scope, open)
    const closedAtMs = scope.now()
    const closedBy = scope.actor.label
    const statement: Statement = { ...open, state: 'closed', closedAtMs, closedBy }
    const row = { month, closedAtMs, closedBy, document: documentOf(statement, settled) }
    const isStored = await writeTransaction(scope.db, async (tx) => {
      if ((await readVersion({ db: tx })) !== book.version) return false
      if (billNanoUsd !== open.check?.billNanoUsd) throw doesNotAddUp(month)
      await tx.insert(closedMonths).values(row)
      const after = { ...statement.check, teamCount: statement.teams.length, lineCount: statement.lines.length }
      await note(tx, scope, { action: 'statements.close', targetId: month, target: month, before: null, after })
      return true
    })
    if (isStored) return versioned(statementOf(row.document))
  }
  throw new HelioxError('unavailable', 'statements.busy', 'The ledger is changing: try again when imports have ended')
}

function requireClosable(book: Book, month: string, { now }: Pick<Scope, 'now'>): void {
  const reason = whyNotClosable(book, month, now())
  if (reason) throw reason
}

/** Nothing of the month waits to be shared, and its parts sum up, from the entries of the bill on. */
async function requireItAddsUp(scope: Scope, { month, stalePoolDays, check }: Statement): Promise<NanoUsd> {
  if (stalePoolDays) {
    const message = `Jobs of ${month} changed and are being shared (${stalePoolDays} pool-days): try again in a moment`
    throw new HelioxError('conflict', 'statements.being_shared', message)
  }
  const { billedCostNanoUsd, differenceNanoUsd } = await reconciliation(scope, questionOf(month))
  if (billedCostNanoUsd === null || differenceNanoUsd !== 0n || check?.differenceNanoUsd !== 0n)
    throw doesNotAddUp(month)
  return billedCostNanoUsd
}

function doesNotAddUp(month: string): HelioxError {
  const message = `The parts of ${month} do not sum to its bill, so it is not closed`
  return new HelioxError('conflict', 'statements.does_not_add_up', message)
}
