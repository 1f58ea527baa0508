import { sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { HelioxError } from '../errors.ts'
import { mayI, visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { BillRows } from './bill-rows.ts'
import type { CostDraft, FileFrame, JobDraft, Refused, Row, TeamDraft } from './importers/importer.ts'
import { refuse } from './importers/importer.ts'
import { notTooLong } from './importers/job-row.ts'
import { Mark } from './mark.ts'
import { cancelled, type OpenImport } from './open-import.ts'
import { type Chunk, emptyChunk, quarantine, sizeOf, stageRows } from './stage.ts'
import { storeTeams } from './store-jobs.ts'
import { firstOfEach, quarantinedIn, storeTokens } from './store-tokens.ts'
import { storeUsage } from './store-usage.ts'

/** Rows in one transaction: large enough to be fast, small enough for a hosted database's 5 seconds. */
const CHUNK_ROWS = 10_000
const MOST_TEAMS = 10_000

/** The rows of a file as they are read, and what it says about itself once it has been. */
export type FileRows = { rows: AsyncIterable<readonly Row[]>; about(): string; frame(): FileFrame | null }

/**
 * Reads a file to its end and stages its rows 10,000 at a time, a chunk on its way while the next is being read. Nobody's
 * totals change. Each chunk moves the import's cursor in its own transaction: a file that is read again for the same
 * import passes over what is staged already. `isStrict`: the first bad row refuses the whole file.
 *
 * @throws HelioxError invalid `ingest.no_rows`, `ingest.too_many_teams`, `ingest.too_much_money`, what the reader throws,
 *   and StrictRefusal
 * @throws HelioxError conflict `ingest.cancelled`, `ingest.not_the_same_file`
 */
export async function stageFile(scope: Scope, open: OpenImport, file: FileRows, isStrict: boolean): Promise<void> {
  const staging = new Staging(scope, open, isStrict)
  try {
    await staging.begin()
    for await (const rows of file.rows) await staging.take(rows, file)
    await staging.end(file)
  } finally {
    await staging.settled()
  }
}

class Staging {
  private readonly teams: TeamDraft[] = []
  private chunk: Chunk = emptyChunk()
  private underway: Promise<void> = Promise.resolve()
  /** Rows of this reading so far, and the mark of them; up to the cursor they are staged already. */
  private rows = 0
  private readonly mark = new Mark()
  private readonly bill: BillRows
  private frame = ''
  private readonly scope: Scope
  private readonly open: OpenImport
  private readonly isStrict: boolean

  constructor(scope: Scope, open: OpenImport, isStrict: boolean) {
    this.scope = scope
    this.open = open
    this.isStrict = isStrict
    this.bill = new BillRows(scope.db, open)
  }

  /** What an earlier reading had to quarantine because the file has it twice: this one will not see it again. */
  async begin(): Promise<void> {
    const { row, cursor, tally, importer } = this.open
    if (cursor.rows === 0) return
    const before = await this.scope.db.all<{ cost: string | null }>(
      sql`select cost_usd as cost from quarantined_rows where import_id = ${row}
        and (code = 'ingest.repeated' or (code = 'ingest.other_team' and ${BigInt(importer.kind === 'tokens')}))`,
    )
    for (const { cost } of before) tally.repeatedBefore(cost)
  }

  async take(rows: readonly Row[], file: FileRows): Promise<void> {
    for (const row of rows) {
      this.note(row)
      if (sizeOf(this.chunk) >= CHUNK_ROWS) await this.flush(file)
    }
  }

  /** The whole file is staged; what it says beside its rows is stored, and from here on it needs no sender. */
  async end(file: FileRows): Promise<void> {
    await this.flush(file)
    await this.underway
    const { tally, row, importer, isDryRun, cursor } = this.open
    if (this.rows < cursor.rows) throw notTheSameFile()
    if (tally.rowsRead === 0 && this.teams.length === 0)
      throw new HelioxError(
        'invalid',
        'ingest.no_rows',
        `The file holds no rows (read as ${importer.id}): nothing has changed`,
      )
    const { db, now } = this.scope
    const withBudgets = mayI(this.scope, 'budgets:write')
    const teams = withBudgets ? this.teams : this.teams.map((team) => ({ ...team, budgetNanoUsd: null }))
    if (!withBudgets && this.teams.some(({ budgetNanoUsd }) => budgetNanoUsd !== null))
      this.open.remarks.push('Its budgets were left out: an administrator or finance sets them')
    await writeBatch(db, [
      ...(teams.length > 0 && !isDryRun ? [storeTeams(teams, now(), visibleTeamRows(this.scope))] : []),
      sql`update imports set is_read_whole = 1, frame_json = ${frameText(file)},
        recognised_by = ltrim(recognised_by || iif(${file.about()} = '', '', '; ' || ${file.about()}), '; '), ${tally.columns()}
        where id = ${row}`,
    ])
  }

  /** The chunk on its way has arrived or failed; who failed has been told. */
  async settled(): Promise<void> {
    await this.underway.catch(() => undefined)
  }

  private note(row: Row): void {
    const { chunk } = this
    const { tally, startedAtMs } = this.open
    this.mark.add(row)
    if (row.kind === 'skipped') tally.skipped += 1
    else if (row.kind === 'refused') this.refuse(row)
    else if (row.kind === 'cost') {
      tally.cost(row)
      chunk.costs.push(row)
    } else if (row.kind === 'team') {
      if (this.teams.push(row) > MOST_TEAMS)
        throw new HelioxError('invalid', 'ingest.too_many_teams', `A file may introduce ${MOST_TEAMS} teams at most`)
    } else if (row.kind === 'job') {
      const job = notTooLong(row, startedAtMs)
      if (job.kind === 'refused') this.refuse(job)
      else {
        tally.job(job, startedAtMs, this.open.importer.alsoJobs)
        chunk.jobs.push(job)
      }
    } else if (row.kind === 'usage') {
      tally.usage(row)
      chunk.usage.push(row)
    } else {
      tally.tokens(row)
      chunk.tokens.push(row)
    }
  }

  private refuse(row: Refused): void {
    const { tally } = this.open
    tally.refused(row)
    this.chunk.refused.push(row)
    if (this.isStrict) throw new StrictRefusal(tally.rowsRead - 1, row.line, row.column, row.message)
  }

  private async flush(file: FileRows): Promise<void> {
    await this.underway // one chunk on its way at most: memory stays flat and the database sets the pace
    const { chunk } = this
    if (sizeOf(chunk) === 0) return
    this.chunk = emptyChunk()
    const before = this.rows
    this.rows += sizeOf(chunk)
    const mark = this.mark.toString()
    const { cursor } = this.open
    if (this.rows <= cursor.rows) {
      if (this.rows === cursor.rows && mark !== cursor.mark) throw notTheSameFile()
      return
    }
    if (before < cursor.rows) throw notTheSameFile()
    this.frame ||= frameText(file)
    this.underway = this.stage(chunk, before, mark)
    this.underway.catch(() => undefined) // awaited before the next chunk and at the end; never unhandled in between
  }

  private async stage(chunk: Chunk, before: number, mark: string): Promise<void> {
    const { db, log } = this.scope
    const { id, row, importer, tally, isDryRun } = this.open
    const moved = this.moved(before + sizeOf(chunk), mark)
    const isBill = importer.isBill
    // Measured usage and calls need no staging: their first statement answers what of them is quarantined.
    const usage = chunk.usage.length > 0 ? storeUsage(chunk.usage, row, isDryRun) : []
    const { firsts, repeated: twiceInChunk } = firstOfEach(chunk.tokens)
    const teamRows = visibleTeamRows(this.scope)
    const tokens = firsts.length > 0 ? storeTokens({ importRow: row, teamRows, isDryRun }, firsts) : []
    const statements = [
      ...usage,
      ...tokens,
      ...(twiceInChunk.length > 0 ? [quarantine(row, twiceInChunk)] : []),
      ...(isBill && chunk.costs.length > 0 ? await this.bill.statements(chunk.costs) : []),
      ...(chunk.refused.length > 0 ? [quarantine(row, chunk.refused)] : []),
    ]
    const staged = [...(isBill ? [] : chunk.costs), ...chunk.jobs]
    const { repeated, results } = await stageRows(db, row, staged, [...statements, moved])
    const [twice] = usage.length > 0 ? (results[0]?.rows ?? []) : []
    if (twice) tally.othersRefused(Number(twice.repeated), BigInt(twice.gpu_seconds as bigint) * 1000n)
    const { count, costs } = quarantinedIn(tokens.length > 0 ? (results[usage.length]?.rows ?? []) : [])
    tally.tokensRefused(count + twiceInChunk.length, [...costs, ...twiceInChunk.flatMap(({ billed }) => billed ?? [])])
    if (repeated.length > 0)
      await writeBatch(db, [
        quarantine(
          row,
          repeated.map((draft) => this.repeat(draft, before + indexOf(chunk, draft))),
        ),
      ])
    await this.stopIfCancelled()
    if (!log.isDebug) return
    for (const { kind, line } of [...chunk.costs, ...chunk.jobs, ...chunk.usage, ...chunk.tokens])
      log.debug('import.record', { importId: id, kind, line })
  }

  /** The progress that the page shows, and the cursor, in the transaction of the chunk. */
  private moved(rows: number, mark: string) {
    const { row, tally, progress } = this.open
    return sql`update imports set ${tally.columns()}, bytes_read = ${BigInt(progress.bytesRead)}, frame_json = ${this.frame},
      cursor_rows = ${BigInt(rows)}, cursor_mark = ${mark}, progressed_at_ms = ${BigInt(this.scope.now())} where id = ${row}`
  }

  private async stopIfCancelled(): Promise<void> {
    const [asked] = await this.scope.db.all<{ isAsked: bigint }>(
      sql`select is_cancel_asked as isAsked from imports where id = ${this.open.row}`,
    )
    if (asked?.isAsked !== 0n) throw cancelled()
  }

  /** A second row with a key that the file has had, the `index`th that could be read. */
  private repeat(draft: CostDraft | JobDraft, index: number): Refused {
    const isCost = draft.kind === 'cost'
    const column = isCost ? 'date' : 'job_id'
    const key = isCost ? 'this date, provider and GPU type' : 'this job id'
    const refusal = refuse(draft.line, column, 'repeated', `the file has ${key} in an earlier line`)
    this.open.tally.repeated(draft)
    if (this.isStrict) throw new StrictRefusal(index, draft.line, column, refusal.message)
    return isCost ? { ...refusal, billed: draft.billed, effective: draft.effective } : refusal
  }
}

function indexOf({ costs, jobs }: Chunk, draft: CostDraft | JobDraft): number {
  return draft.kind === 'cost' ? costs.indexOf(draft) : costs.length + jobs.indexOf(draft)
}

function frameText(file: FileRows): string {
  const frame = file.frame()
  return frame ? JSON.stringify(frame) : ''
}

function notTheSameFile(): HelioxError {
  return new HelioxError(
    'conflict',
    'ingest.not_the_same_file',
    'This is not the file that broke off: send it as a new import',
  )
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
