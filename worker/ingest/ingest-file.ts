import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import type { ImportStatus } from '../../db/schema/ingest.ts'
import { type ImportId, idText, rowOf } from '../../db/units/ids.ts'
import { addExact, exactText, nanoUsd, toNanoUsd, ZERO_EXACT } from '../../db/units/money.ts'
import { shareStale } from '../analytics/share.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { type ImportView, importView } from './import-view.ts'
import type {
  CostDraft,
  Importer,
  JobDraft,
  Reader,
  ReadOptions,
  Refused,
  Row,
  TeamDraft,
} from './importers/importer.ts'
import { IMPORTERS, importerOf, recognise } from './importers/index.ts'
import { type Chunk, quarantine, stageChunk } from './stage.ts'
import { countCosts, countUnmentioned, dropUnmentioned, keptCosts, type Range, storeCosts } from './store-costs.ts'
import { countJobs, storeJobs, storeTeams } from './store-jobs.ts'

/** Rows in one statement and in one transaction: large enough to be fast, small enough for a hosted database's 5 seconds. */
const CHUNK_ROWS = 5_000
const STORED_ROWS = 20_000
/** Text that `auto` looks at. */
const HEAD_LENGTH = 65_536
const MOST_TEAMS = 10_000
/** How long a bill waits for another one of its source: a minute. One that stood still for half of that has died. */
const MOST_TURNS = 600
const TURN_MS = 100
const STANDSTILL_MS = 30_000
/** The ledger's sums are 64-bit nano-dollars, ±9.2 billion USD. */
const MOST_NANO_USD = 9_000_000_000n * 1_000_000_000n

export type IngestInput = ReadOptions & {
  /** An importer's id, or `auto`. */
  format: string
  /** Whose rows they are; null: the importer's own word. */
  source: string | null
  fileName: string
  isDryRun: boolean
  text: AsyncIterable<string>
  /** Bytes received so far, for the progress that the page shows. */
  progress: { bytesRead: number }
  /** Refuse the whole file for one bad row; the documented mock ingest does. */
  isStrict?: boolean
}

/**
 * Reads a file and stores it. Memory does not grow with the file: rows are staged 5,000 at a time, and only when the
 * whole file has been read do they move into the ledger, chunk by chunk, each chunk in one transaction with its counts
 * and its shares. So a file that breaks off or is not the stated format changes nothing, and one that is cut off while
 * storing is completed by sending it again: the same file again changes nothing, a corrected one replaces amounts and
 * never adds to them. A row that cannot be stored is quarantined and the rest go on. A dry run counts and stores nothing.
 *
 * @throws HelioxError invalid `ingest.unknown_format`, `ingest.unrecognised`, `ingest.wrong_format`, `ingest.no_rows`,
 *   `ingest.too_many_teams`, `ingest.too_much_money`, and what `readBody` throws
 * @throws HelioxError conflict `ingest.busy` while another bill of the same source is stored, `ingest.interrupted`
 */
export async function ingestFile(scope: Scope, input: IngestInput): Promise<ImportView> {
  const text = input.text[Symbol.asyncIterator]()
  try {
    const head = await headOf(text)
    return await ingestText(scope, input, importerFor(input.format, head), head, text)
  } finally {
    await text.return?.() // also when it was refused half-way: the source closes what it holds
  }
}

function importerFor(format: string, head: string): Importer {
  return format === 'auto' ? recognise(head) : importerOf(format)
}

async function ingestText(
  scope: Scope,
  input: IngestInput,
  importer: Importer,
  head: string,
  text: AsyncIterator<string>,
) {
  const run = await Run.start(scope, input, importer)
  try {
    await run.read(importer.open(input), head, text)
    await run.store()
    return await run.finish()
  } catch (error) {
    await run.fail(error)
    throw error
  }
}

/** The first text of the file, as long as `auto` needs it. */
async function headOf(text: AsyncIterator<string>): Promise<string> {
  let head = ''
  while (head.length < HEAD_LENGTH) {
    const { done, value } = await text.next()
    if (done) break
    head += value
  }
  return head
}

/** One file on its way: running counts, exact sums as the file wrote them, and the chunk that waits to be staged. */
class Run {
  private chunk: Chunk = { costs: [], jobs: [], refused: [] }
  private readonly teams: TeamDraft[] = []
  private staging: Promise<void> = Promise.resolve()
  private stagedRows = 0
  private rowsRead = 0
  private skipped = 0
  private failed = 0
  private gpuSeconds = 0
  private readonly sums = {
    ...{ file: ZERO_EXACT, quarantined: ZERO_EXACT, fileEffective: ZERO_EXACT, quarantinedEffective: ZERO_EXACT },
    ...{ stored: 0n, storedEffective: 0n, largest: 0n },
  }
  private readonly scope: Scope
  private readonly input: IngestInput
  private readonly importer: Importer
  private readonly id: ImportId
  private readonly row: bigint

  private constructor(scope: Scope, input: IngestInput, importer: Importer, id: ImportId) {
    this.scope = scope
    this.input = input
    this.importer = importer
    this.id = id
    this.row = BigInt(rowOf('imp', id) ?? 0)
  }

  static async start(scope: Scope, input: IngestInput, importer: Importer): Promise<Run> {
    const { actor } = scope
    const now = BigInt(scope.now())
    const user = actor.userId === null ? null : BigInt(rowOf('user', actor.userId) ?? 0)
    const [created] = await scope.db.all<{ id: bigint }>(sql`
      insert into imports (format, source, file_name, status, is_dry_run, user_id, actor, started_at_ms, progressed_at_ms)
      values (${importer.id}, ${input.source ?? importer.defaultSource}, ${input.fileName}, 'reading',
        ${input.isDryRun ? 1n : 0n}, ${user}, ${actor.label}, ${now}, ${now}) returning id`)
    return new Run(scope, input, importer, idText('imp', created?.id ?? 0n))
  }

  /** Reads to the end, staging full chunks while the next one is being read. */
  async read(reader: Reader, head: string, text: AsyncIterator<string>): Promise<void> {
    await this.take(reader.push(head))
    for (;;) {
      const { done, value } = await text.next()
      if (done) break
      await this.take(reader.push(value))
    }
    await this.take(reader.end())
    await this.flush()
    await this.staging
    if (this.rowsRead === 0 && this.teams.length === 0)
      throw new HelioxError('invalid', 'ingest.no_rows', `The file is ${this.importer.id} but holds no rows`)
  }

  private async take(rows: Row[]): Promise<void> {
    for (const row of rows) {
      this.note(row)
      if (this.chunk.costs.length + this.chunk.jobs.length + this.chunk.refused.length >= CHUNK_ROWS) await this.flush()
    }
  }

  private note(row: Row): void {
    const { chunk, sums } = this
    if (row.kind === 'skipped') this.skipped += 1
    else if (row.kind === 'team') {
      if (this.teams.push(row) > MOST_TEAMS)
        throw new HelioxError('invalid', 'ingest.too_many_teams', `A file may introduce ${MOST_TEAMS} teams at most`)
    } else if (row.kind === 'refused') {
      this.rowsRead += 1
      this.refuse(row)
      if (row.billed) sums.file = addExact(sums.file, row.billed)
      if (row.effective) sums.fileEffective = addExact(sums.fileEffective, row.effective)
    } else if (row.kind === 'job') {
      this.rowsRead += 1
      const endedAtMs = row.endedAtMs ?? (row.status === 'running' ? this.scope.now() : row.startedAtMs)
      if (row.startedAtMs !== null && endedAtMs !== null && endedAtMs > row.startedAtMs)
        this.gpuSeconds += row.gpuCount * (Math.floor(endedAtMs / 1000) - Math.floor(row.startedAtMs / 1000))
      chunk.jobs.push(row)
    } else {
      this.rowsRead += 1
      this.addCost(row)
      chunk.costs.push(row)
    }
  }

  private addCost({ billed, effective, capacityGpuSeconds }: CostDraft): void {
    const { sums } = this
    const [billedNano, effectiveNano] = [toNanoUsd(billed), toNanoUsd(effective)]
    sums.file = addExact(sums.file, billed)
    sums.fileEffective = addExact(sums.fileEffective, effective)
    sums.stored += billedNano
    sums.storedEffective += effectiveNano
    sums.largest += max(abs(billedNano), abs(effectiveNano))
    this.gpuSeconds += capacityGpuSeconds ?? 0
    if (sums.largest > MOST_NANO_USD) throw tooMuchMoney()
  }

  /** Quarantines a row with what it says it costs; the caller has counted it as read. */
  private refuse(row: Refused): void {
    const { sums, chunk } = this
    this.failed += 1
    chunk.refused.push(row)
    if (row.billed) sums.quarantined = addExact(sums.quarantined, row.billed)
    if (row.effective) sums.quarantinedEffective = addExact(sums.quarantinedEffective, row.effective)
    if (this.input.isStrict) {
      throw new StrictRefusal(this.rowsRead - 1, row.line, row.column, row.message)
    }
  }

  private async flush(): Promise<void> {
    await this.staging // one chunk on its way at most: memory stays flat and the database sets the pace
    const { chunk } = this
    if (chunk.costs.length + chunk.jobs.length + chunk.refused.length === 0) return
    this.chunk = { costs: [], jobs: [], refused: [] }
    this.staging = this.stage(chunk)
    this.staging.catch(() => undefined) // awaited before the next chunk and at the end; never unhandled in between
  }

  private async stage(chunk: Chunk): Promise<void> {
    const { db, log } = this.scope
    const repeated = await stageChunk(db, this.id, chunk, this.importer.isBill, this.progressed())
    if (repeated.length > 0) {
      const refusals = repeated.map(({ draft, index }) => this.repeat(draft, this.stagedRows + index))
      await writeBatch(db, [quarantine(this.row, refusals)])
    }
    this.stagedRows += chunk.costs.length + chunk.jobs.length
    if (log.isDebug)
      for (const { kind, line } of [...chunk.costs, ...chunk.jobs])
        log.debug('import.record', { importId: this.id, kind, line })
  }

  /** A second row with a key that the file has had, the `index`th that could be read: its amounts are not stored after all. */
  private repeat(draft: CostDraft | JobDraft, index: number): Refused {
    const isCost = draft.kind === 'cost'
    const { sums } = this
    this.failed += 1
    if (isCost) {
      sums.stored -= toNanoUsd(draft.billed)
      sums.storedEffective -= toNanoUsd(draft.effective)
      sums.quarantined = addExact(sums.quarantined, draft.billed)
      sums.quarantinedEffective = addExact(sums.quarantinedEffective, draft.effective)
    }
    const message = isCost
      ? 'the file has this date, provider and GPU type in an earlier line'
      : 'the file has this job id in an earlier line'
    if (this.input.isStrict) throw new StrictRefusal(index, draft.line, isCost ? 'date' : 'job_id', message)
    return {
      ...{ kind: 'refused', line: draft.line, column: isCost ? 'date' : 'job_id', code: 'ingest.repeated', message },
      ...(isCost ? { billed: draft.billed, effective: draft.effective } : { billed: null, effective: null }),
    }
  }

  private progressed(): SQL {
    return sql`update imports set rows_read = ${BigInt(this.rowsRead)}, bytes_read = ${BigInt(this.input.progress.bytesRead)},
      progressed_at_ms = ${BigInt(this.scope.now())} where id = ${this.row}`
  }

  /** Moves what is staged into the ledger, or only counts it in a dry run. */
  async store(): Promise<void> {
    const { scope, importer, input, row } = this
    const { db } = scope
    if (importer.kind === 'costs') await this.refuseTooMuch()
    await this.takeTurn()
    if (this.teams.length > 0 && !input.isDryRun) await writeBatch(db, [storeTeams(this.teams, scope.now())])
    const [count, store] = importer.kind === 'costs' ? [countCosts, storeCosts] : [countJobs, storeJobs]
    for await (const range of this.ranges())
      await writeBatch(db, [
        ...(input.isDryRun ? [count(range)] : store(range, scope.now())),
        sql`update imports set progressed_at_ms = ${BigInt(scope.now())} where id = ${row}`,
      ])
    if (importer.isBill)
      await writeBatch(db, input.isDryRun ? [countUnmentioned(row)] : dropUnmentioned(row, scope.now()))
    if (!input.isDryRun) await shareStale(scope)
  }

  /**
   * Begins to store. Bills of one source are stored one after the other: side by side, each would take away what the
   * other has just brought.
   */
  private async takeTurn(): Promise<void> {
    const { scope, importer, input, row } = this
    const bills = sql.join(
      IMPORTERS.filter(({ isBill }) => isBill).map(({ id }) => sql`${id}`),
      sql`, `,
    )
    const isBusy = () =>
      importer.isBill && !input.isDryRun
        ? sql`exists (select 1 from imports o where o.status = 'storing' and o.is_dry_run = 0 and o.id <> ${row}
            and o.source = imports.source and o.format in (${bills})
            and o.progressed_at_ms > ${BigInt(scope.now() - STANDSTILL_MS)})`
        : sql`0`
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      const [marked, waiting] = await writeBatch(scope.db, [
        sql`update imports set status = 'storing' where id = ${row} and status = 'reading' and not ${isBusy()}`,
        sql`update imports set progressed_at_ms = ${BigInt(scope.now())} where id = ${row} and status = 'reading'`,
      ])
      if (marked?.rowsAffected === 1) return
      if (waiting?.rowsAffected !== 1) throw interrupted()
      await new Promise((resume) => setTimeout(resume, TURN_MS))
    }
    throw new HelioxError(
      'conflict',
      'ingest.busy',
      'Another bill of the same source is being stored: send this one again',
    )
  }

  /** Sums of the whole ledger stay within 64 bits, or the file stays out. What the file replaces does not count twice. */
  private async refuseTooMuch(): Promise<void> {
    const room = MOST_NANO_USD - this.sums.largest
    const isAbove = async (total: SQL) => {
      const [ledger] = await this.scope.db.all<{ total: string }>(
        sql`select cast(coalesce(${total}, 0) as text) as total`,
      )
      return BigInt(ledger?.total ?? 0) > room
    }
    // The cheap sum first; the entries are walked only where it leaves no room.
    if (!(await isAbove(sql`(select sum(abs(cost_nano_usd)) from pool_days)`))) return
    if (await isAbove(sql`(select sum(abs(effective_nano_usd)) ${keptCosts(this.row)})`)) throw tooMuchMoney()
  }

  private async *ranges(): AsyncGenerator<Range> {
    const table = sql.raw(this.importer.kind === 'costs' ? 'staged_costs' : 'staged_jobs')
    for (let after = 0n; ; ) {
      const [next] = await this.scope.db.all<{ upTo: bigint | null }>(sql`select max(id) as upTo from (
        select id from ${table} where +import_id = ${this.row} and id > ${after} order by id limit ${BigInt(STORED_ROWS)})`)
      if (!next || next.upTo === null) return
      yield { importRow: this.row, after, upTo: next.upTo }
      after = next.upTo
    }
  }

  async finish(): Promise<ImportView> {
    const records = this.rowsRead
    const { inserted, updated } = await importView(this.scope, this.id)
    if (inserted + updated + this.failed !== records) throw interrupted()
    const rows = `${records} ${records === 1 ? 'row' : 'rows'}`
    const status = this.failed === 0 ? 'success' : this.failed < records ? 'partial_success' : 'failed'
    const stored = this.input.isDryRun ? 'would be stored' : 'stored'
    const message = {
      success: `${rows} ${stored}`,
      partial_success: `${records - this.failed} of ${rows} ${stored}, ${this.failed} quarantined`,
      failed: `None of the ${rows} could be ${this.input.isDryRun ? 'read' : 'stored'}; the reasons are listed`,
    }[status]
    return this.close(status, message)
  }

  /** Closes the import as failed; what was staged is forgotten. The words of an unexpected error stay in the log. */
  async fail(error: unknown): Promise<void> {
    await this.staging.catch(() => undefined)
    // Nothing of it counts as stored, so nothing of it is shown as a difference either: only what was quarantined.
    this.sums.stored = 0n
    this.sums.storedEffective = 0n
    this.sums.file = this.sums.quarantined
    this.sums.fileEffective = this.sums.quarantinedEffective
    const message = error instanceof HelioxError ? error.message : 'The import was interrupted: send the file again'
    await this.close('failed', message).catch((second: unknown) => {
      this.scope.log.error('import.close_failed', { importId: this.id, error: String(second) })
    })
  }

  private async close(status: ImportStatus, message: string): Promise<ImportView> {
    const { scope, sums, row } = this
    const now = BigInt(scope.now())
    await writeBatch(scope.db, [
      sql`delete from staged_costs where import_id = ${row}`,
      sql`delete from staged_jobs where import_id = ${row}`,
      sql`update imports set status = ${status}, message = ${message}, finished_at_ms = ${now}, progressed_at_ms = ${now},
        bytes_read = ${BigInt(this.input.progress.bytesRead)}, rows_read = ${BigInt(this.rowsRead)},
        skipped = ${BigInt(this.skipped)}, failed = ${BigInt(this.failed)}, gpu_seconds = ${BigInt(this.gpuSeconds)},
        file_cost_usd = ${exactText(sums.file)}, quarantined_cost_usd = ${exactText(sums.quarantined)},
        stored_cost_nano_usd = ${nanoUsd(sums.stored)}, file_effective_cost_usd = ${exactText(sums.fileEffective)},
        quarantined_effective_cost_usd = ${exactText(sums.quarantinedEffective)},
        stored_effective_cost_nano_usd = ${nanoUsd(sums.storedEffective)}
        where id = ${row}`,
    ])
    const view = await importView(scope, this.id)
    const { importId, format, inserted, updated, unchanged, failed } = view
    scope.log.info('import.finished', { importId, format, status, inserted, updated, unchanged, failed })
    return view
  }
}

/** The first bad row of a file that must be all good. `index` counts records from 0. */
export class StrictRefusal extends HelioxError {
  readonly index: number
  readonly column: string | null
  readonly reason: string
  constructor(index: number, line: number, column: string | null, reason: string) {
    super('invalid', 'ingest.bad_row', `Line ${line}: ${reason}`, { details: [`${column ?? 'row'}: ${reason}`] })
    this.index = index
    this.column = column
    this.reason = reason
  }
}

/** Somebody cleared up after this import because it stood still for too long. */
function interrupted(): HelioxError {
  return new HelioxError(
    'conflict',
    'ingest.interrupted',
    'The import stood still for too long and was given up: send the file again',
  )
}

function tooMuchMoney(): HelioxError {
  return new HelioxError(
    'invalid',
    'ingest.too_much_money',
    'Heliox counts up to 9 billion dollars in all; this file would pass that',
  )
}

function abs(amount: bigint): bigint {
  return amount < 0n ? -amount : amount
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
