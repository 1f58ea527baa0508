import { existsSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import type { Scope } from '../worker/scope.ts'
import type { InProcess } from './in-process.ts'

/** What is derived, each with the column that says when, which is not derived. */
const DERIVED = { pool_days: 'shared_at_ms', job_day_shares: null, ledger_cells: null, ledger_rollups: null } as const

type Rebuild = { rebuildLedger: (scope: Scope) => Promise<unknown> }

/**
 * Makes the ledger anew from the facts and throws where a byte of it differs from what was kept up to date change by
 * change. Answers false where this Heliox cannot rebuild.
 */
export async function checkRebuild({ scope }: InProcess): Promise<boolean> {
  const file = new URL('../worker/analytics/rebuild.ts', import.meta.url)
  if (!existsSync(file)) return false
  const { rebuildLedger } = (await import(file.href)) as Rebuild
  const before = await derived(scope)
  await rebuildLedger(scope)
  const after = await derived(scope)
  for (const table of Object.keys(DERIVED)) {
    const [old = [], made = []] = [before.get(table), after.get(table)]
    const at = old.findIndex((row, index) => row !== made[index])
    if (at >= 0 || old.length !== made.length)
      throw new Error(`${table} made anew differs: ${old[at < 0 ? made.length : at]} has become ${made[at]}`)
  }
  return true
}

/** Every row as text, in the order of its key. */
async function derived({ db }: Scope): Promise<Map<string, string[]>> {
  const all = new Map<string, string[]>()
  for (const [table, unlike] of Object.entries(DERIVED)) {
    const rows = await db.all<Record<string, unknown>>(sql.raw(`select * from ${table}`))
    const texts = rows.map((row) =>
      Object.entries(row).flatMap(([name, value]) => (name === unlike ? [] : `${name}=${value}`)),
    )
    all.set(table, texts.map((cells) => cells.join(' ')).sort())
  }
  return all
}
