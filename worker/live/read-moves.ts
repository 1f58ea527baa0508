import { sql } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import { VERSION, versionIn } from '../answer-cache/ledger-version.ts'
import { visibleImports } from '../ingest/import-view.ts'
import type { Scope } from '../scope.ts'
import { versionOf } from '../versions.ts'

/** What of the whole company has moved by now: texts that are another one after each change. */
export type Reading = { readonly ledger: string; readonly imports: string; readonly calls: string }

/** Beyond these an import moves nothing but the ledger. */
const LATEST = sql`select id, user_id, key_id,
  case when status in ('queued', 'reading', 'storing', 'interrupted') then 'open' else status end as state
  from imports order by id desc limit 50`

const latest = new WeakMap<object, { reading: Reading; readAtMs: number }>()

/**
 * The ledger's version, the latest imports and the latest call, in one round trip. One that another stream of this isolate has made less
 * than `maxAgeMs` ago will do: they are plain values, no request waits for another's, and however many watch, the
 * database is asked by one.
 */
export async function readMoves({ db, isolate }: Pick<Scope, 'db' | 'isolate'>, maxAgeMs: number): Promise<Reading> {
  const known = isolate && latest.get(isolate)
  if (known && Date.now() - known.readAtMs < maxAgeMs) return known.reading
  const [versions, imports, last] = await readBatch(db, [
    sql.raw(VERSION),
    LATEST,
    sql`select max(rowid) as row from requests`, // no scan: the last one of the table
  ])
  const states = imports?.rows.map(({ id, state }) => `${id} ${state}`) ?? []
  const reading = {
    ledger: String(versionIn((versions?.rows ?? []) as unknown as { version: bigint }[])),
    imports: versionOf(states),
    calls: versionOf([last?.rows[0]?.row]),
  }
  if (isolate) latest.set(isolate, { reading, readAtMs: Date.now() })
  return reading
}

/** The latest imports that the actor may see, as a text that is another one when one of them starts or ends. */
export async function ownImports(scope: Scope): Promise<string> {
  const visible = visibleImports(scope) ?? sql`true`
  const rows = await scope.db.all<{ id: bigint; state: string }>(
    sql`select id, state from (${LATEST}) as imports where ${visible}`,
  )
  return versionOf(rows.map(({ id, state }) => `${id} ${state}`))
}
