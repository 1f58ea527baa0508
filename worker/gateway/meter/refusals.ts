import { sql } from 'drizzle-orm'
import { type Db, writeBatch } from '../../../db/client.ts'
import { storableText } from '../../storable-text.ts'
import type { Caller } from './messages.ts'

/** Refused calls of one kind and hour: JSON, as it travels from an isolate to the meter. */
export type Refusals = Caller & {
  /** First instant of the UTC hour. */
  hourMs: number
  /** As asked; '' for none, or for those beyond a caller's `MOST_MODELS`. */
  model: string
  code: string
  /** The budget that had no room, "bdgt_3"; null: none, or the key's own limit. */
  budgetId: string | null
  count: number
  firstAtMs: number
  lastAtMs: number
  lastRequestId: string
  lastMessage: string
}

export const HOUR_MS = 3_600_000
/** Names of models are the client's words: who asks for more of them an hour than this is counted under none. */
const MOST_MODELS = 50
/** Rows that wait at most; kinds beyond are counted under no model. */
const MOST_KINDS = 5_000
const KEPT_DAYS = 92n

/**
 * Counts refused calls in memory, so that a flood of them is a few rows. What is not written when a process dies is lost: a
 * refused call costs nothing, and nothing is derived from its count.
 */
export class RefusalBook {
  private kinds = new Map<string, Refusals>()
  private hourMs = 0
  /** Of the running hour, by caller: models that were named. */
  private readonly named = new Map<string, Set<string>>()

  add(one: Refusals): void {
    const told = { ...one, model: this.modelOf(one) }
    const kind = kindOf(told)
    const known = this.kinds.get(kind)
    if (!known) {
      this.kinds.set(kind, told)
      return
    }
    const { lastAtMs, lastRequestId, lastMessage } = told.lastAtMs >= known.lastAtMs ? told : known
    const count = known.count + told.count
    const firstAtMs = Math.min(known.firstAtMs, told.firstAtMs)
    this.kinds.set(kind, { ...known, count, firstAtMs, lastAtMs, lastRequestId, lastMessage })
  }

  /** All that was counted, which is then forgotten here. */
  take(): Refusals[] {
    const all = [...this.kinds.values()]
    this.kinds = new Map()
    return all
  }

  private modelOf(one: Refusals): string {
    const { hourMs, keyId, teamId, userId, model } = one
    if (this.kinds.size >= MOST_KINDS && !this.kinds.has(kindOf(one))) return ''
    if (hourMs > this.hourMs) {
      this.named.clear()
      this.hourMs = hourMs
    }
    const caller = `${keyId} ${teamId} ${userId}`
    const models = this.named.get(caller) ?? new Set()
    this.named.set(caller, models)
    if (!models.has(model) && models.size >= MOST_MODELS) return ''
    models.add(model)
    return model
  }
}

function kindOf({ hourMs, keyId, teamId, userId, model, code, budgetId }: Refusals): string {
  return JSON.stringify([hourMs, keyId, teamId, userId, model, code, budgetId])
}

/** How long an isolate gathers before it tells the meter. */
const GATHER_MS = 500
/** A request that has gathered so long is gone with what it would have sent: the next one does it. */
const OVERDUE_MS = 5_000

/** Refusals of all requests in this isolate on their way to the meter: one trip for all that come meanwhile. */
export class RefusalBox {
  private readonly book = new RefusalBook()
  private readonly waitMs: number
  private gatheringSinceMs: number | null = null

  constructor(waitMs = GATHER_MS) {
    this.waitMs = waitMs
  }

  /** @throws what `send` throws; the counts wait for the next trip */
  async put(one: Refusals, send: (all: Refusals[]) => Promise<unknown>): Promise<void> {
    this.book.add(one)
    const nowMs = Date.now()
    if (this.gatheringSinceMs !== null && nowMs - this.gatheringSinceMs < OVERDUE_MS) return
    this.gatheringSinceMs = nowMs
    if (this.waitMs > 0) await new Promise((resume) => setTimeout(resume, this.waitMs))
    await this.sendAll(send)
  }

  /** @throws what `send` throws; the counts wait for the next trip */
  async sendAll(send: (all: Refusals[]) => Promise<unknown>): Promise<void> {
    this.gatheringSinceMs = null
    const all = this.book.take()
    if (all.length === 0) return
    try {
      await send(all)
    } catch (error) {
      for (const one of all) this.book.add(one)
      throw error
    }
  }
}

/** Adds counts of refused calls to those of their hour, in one transaction, and forgets hours that are over for three months. */
export async function writeRefusals(db: Db, all: readonly Refusals[], nowMs: number): Promise<void> {
  if (all.length === 0) return
  const rows = all.map((one) => ({
    ...one,
    model: storableText(one.model),
    lastMessage: storableText(one.lastMessage),
  }))
  const said = (name: keyof Refusals) => sql.raw(`value ->> '$.${name}'`)
  const row = (name: keyof Refusals, prefix: string) =>
    sql.raw(`coalesce(cast(substr(value ->> '$.${name}', ${prefix.length + 2}) as integer), 0)`)
  await writeBatch(db, [
    sql`insert into refused_calls (hour_ms, team, "key", "user", model, code, budget, count, first_at_ms, last_at_ms,
        last_request_id, last_message)
      select ${said('hourMs')}, ${row('teamId', 'team')}, ${row('keyId', 'key')}, ${row('userId', 'user')}, ${said('model')},
        ${said('code')}, ${row('budgetId', 'bdgt')}, ${said('count')}, ${said('firstAtMs')}, ${said('lastAtMs')},
        ${said('lastRequestId')}, ${said('lastMessage')}
      from json_each(${JSON.stringify(rows)}) where true
      on conflict do update set count = count + excluded.count, first_at_ms = min(first_at_ms, excluded.first_at_ms),
        last_request_id = iif(excluded.last_at_ms >= last_at_ms, excluded.last_request_id, last_request_id),
        last_message = iif(excluded.last_at_ms >= last_at_ms, excluded.last_message, last_message),
        last_at_ms = max(last_at_ms, excluded.last_at_ms)`,
    sql`delete from refused_calls where hour_ms < ${BigInt(nowMs) - KEPT_DAYS * 86_400_000n}`,
  ])
}
