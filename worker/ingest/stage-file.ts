import { sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import {
  type CostDraft,
  type JobDraft,
  type Reader,
  type Refused,
  type Row,
  refuse,
  type TeamDraft,
} from './importers/importer.ts'
import { notTooLong } from './importers/job-row.ts'
import type { OpenImport } from './open-import.ts'
import { type Chunk, quarantine, stageChunk } from './stage.ts'

/** Rows in one statement: large enough to be fast, small enough for a hosted database's 5 seconds. */
const CHUNK_ROWS = 10_000
const MOST_TEAMS = 10_000

/**
 * Reads a file to its end and stages its rows 10,000 at a time, a chunk on its way while the next is being read. Answers
 * the teams that it introduces. Nobody's totals change. `isStrict`: the first bad row refuses the whole file.
 *
 * @throws HelioxError invalid `ingest.no_rows`, `ingest.too_many_teams`, `ingest.too_much_money`, what the reader throws,
 *   and StrictRefusal
 */
export async function stageFile(
  scope: Scope,
  open: OpenImport,
  reader: Reader,
  text: AsyncIterable<string>,
  isStrict: boolean,
): Promise<TeamDraft[]> {
  const staging = new Staging(scope, open, isStrict)
  try {
    for await (const piece of text) await staging.take(reader.push(piece))
    await staging.take(reader.end())
    await staging.end()
  } finally {
    await staging.settled()
  }
  if (open.tally.rowsRead === 0 && staging.teams.length === 0)
    throw new HelioxError('invalid', 'ingest.no_rows', `The file is ${open.importer.id} but holds no rows`)
  return staging.teams
}

class Staging {
  readonly teams: TeamDraft[] = []
  private chunk: Chunk = { costs: [], jobs: [], refused: [] }
  private underway: Promise<void> = Promise.resolve()
  private stagedRows = 0
  private readonly scope: Scope
  private readonly open: OpenImport
  private readonly isStrict: boolean

  constructor(scope: Scope, open: OpenImport, isStrict: boolean) {
    this.scope = scope
    this.open = open
    this.isStrict = isStrict
  }

  async take(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      this.note(row)
      if (sizeOf(this.chunk) >= CHUNK_ROWS) await this.flush()
    }
  }

  async end(): Promise<void> {
    await this.flush()
    await this.underway
  }

  /** The chunk on its way has arrived or failed; who failed has been told. */
  async settled(): Promise<void> {
    await this.underway.catch(() => undefined)
  }

  private note(row: Row): void {
    const { chunk } = this
    const { tally, startedAtMs } = this.open
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
        tally.job(job, startedAtMs)
        chunk.jobs.push(job)
      }
    } else throw new Error(`no importer brings ${row.kind} yet`)
  }

  private refuse(row: Refused): void {
    const { tally } = this.open
    tally.refused(row)
    this.chunk.refused.push(row)
    if (this.isStrict) throw new StrictRefusal(tally.rowsRead - 1, row.line, row.column, row.message)
  }

  private async flush(): Promise<void> {
    await this.underway // one chunk on its way at most: memory stays flat and the database sets the pace
    const { chunk } = this
    if (sizeOf(chunk) === 0) return
    this.chunk = { costs: [], jobs: [], refused: [] }
    this.underway = this.stage(chunk)
    this.underway.catch(() => undefined) // awaited before the next chunk and at the end; never unhandled in between
  }

  private async stage(chunk: Chunk): Promise<void> {
    const { db, log, now } = this.scope
    const { id, row, importer, tally, progress } = this.open
    const moved = sql`update imports set rows_read = ${BigInt(tally.rowsRead)}, bytes_read = ${BigInt(progress.bytesRead)},
      progressed_at_ms = ${BigInt(now())} where id = ${row}`
    const repeated = await stageChunk(db, id, chunk, importer.isBill, moved)
    if (repeated.length > 0) {
      const refusals = repeated.map(({ draft, index }) => this.repeat(draft, this.stagedRows + index))
      await writeBatch(db, [quarantine(row, refusals)])
    }
    this.stagedRows += chunk.costs.length + chunk.jobs.length
    if (!log.isDebug) return
    for (const { kind, line } of [...chunk.costs, ...chunk.jobs])
      log.debug('import.record', { importId: id, kind, line })
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

function sizeOf({ costs, jobs, refused }: Chunk): number {
  return costs.length + jobs.length + refused.length
}
