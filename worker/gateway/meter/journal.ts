import type { CallRecord, OpenDraft } from './messages.ts'
import type { MeterStore } from './store.ts'

/** An ended call that is not in the database yet, as JSON of a CallRecord. `seq` is of this writing of it. */
export type Waiting = { seq: number; id: string; text: string }

/** Of calls that are written at once. */
const MOST_BYTES = 4_000_000

/**
 * What must survive a killed process: calls that were let through and have no end yet, and ended ones that the database does
 * not have yet. A call leaves it only after the database has committed it.
 */
export class Journal {
  private readonly store: MeterStore

  constructor(store: MeterStore) {
    this.store = store
    store.run(`create table if not exists open_calls
      (id text primary key, expires_at_ms integer not null, draft text not null) without rowid`)
    store.run(`create table if not exists ended_calls
      (seq integer primary key autoincrement, id text not null, record text not null)`)
    store.run(`create table if not exists refused_calls
      (seq integer primary key, id text not null, record text not null, reason text not null)`)
    store.run('create table if not exists counters (name text primary key, count integer not null) without rowid')
  }

  /** Writes a call down before it is made. One that is in it already stays as it is. */
  open(draft: OpenDraft, expiresAtMs: number): void {
    this.store.run(
      'insert into open_calls (id, expires_at_ms, draft) values (?, ?, ?) on conflict (id) do nothing',
      ...[draft.id, expiresAtMs, JSON.stringify(draft)],
    )
  }

  /** Writes the ends of calls. Again for a call that has one already: the database takes the first. Which of them were open. */
  end(records: readonly CallRecord[]): Set<string> {
    const wereOpen = new Set<string>()
    for (const record of records) {
      const { id } = record
      if (this.store.run('delete from open_calls where id = ? returning id', id).length > 0) wereOpen.add(id)
      this.store.run('insert into ended_calls (id, record) values (?, ?)', id, JSON.stringify(record))
    }
    if (records.length > 0) this.count('received', records.length)
    return wereOpen
  }

  /** All that are open, as they were drafted. */
  opened(): OpenDraft[] {
    return this.store.run('select draft from open_calls').map(({ draft }) => JSON.parse(draft as string) as OpenDraft)
  }

  /** Open calls whose time is over: as they were drafted. */
  expired(nowMs: number): CallRecord[] {
    const rows = this.store.run('select draft from open_calls where expires_at_ms <= ? order by id limit 500', nowMs)
    return rows.map(({ draft }) => {
      const { held: _, ...record } = JSON.parse(draft as string) as OpenDraft
      return record
    })
  }

  /** The oldest of those that wait, so many or so large. */
  waiting(most: number): Waiting[] {
    const rows = this.store.run('select seq, id, record from ended_calls order by seq limit ?', most)
    const found: Waiting[] = []
    let bytes = 0
    for (const { seq, id, record } of rows) {
      bytes += (record as string).length
      if (found.length > 0 && bytes > MOST_BYTES) break
      found.push({ seq: seq as number, id: id as string, text: record as string })
    }
    return found
  }

  /** Forgets what the database has: the oldest ones, as `waiting` answered them. */
  stored(written: readonly Waiting[]): void {
    const [first, last] = [written[0], written.at(-1)]
    if (!first || !last) return
    const query = 'delete from ended_calls where seq between ? and ? returning seq'
    this.count('stored', this.store.run(query, first.seq, last.seq).length) // not again what an earlier writing has counted
  }

  /** Puts aside what the database refuses for good. It is kept here with the reason. */
  refused({ seq, id, text }: Waiting, reason: string): void {
    this.store.run('insert into refused_calls (seq, id, record, reason) values (?, ?, ?, ?)', seq, id, text, reason)
    this.store.run('delete from ended_calls where seq = ?', seq)
    this.count('rejected', 1)
  }

  openCount(): number {
    return (this.store.run('select count(*) as n from open_calls')[0]?.n as number) ?? 0
  }

  waitingCount(): number {
    return (this.store.run('select count(*) as n from ended_calls')[0]?.n as number) ?? 0
  }

  counters(): Record<string, number> {
    return Object.fromEntries(
      this.store.run('select name, count from counters').map(({ name, count }) => [name as string, count as number]),
    )
  }

  private count(name: string, by: number): void {
    this.store.run(
      'insert into counters (name, count) values (?, ?) on conflict (name) do update set count = count + excluded.count',
      ...[name, by],
    )
  }
}
