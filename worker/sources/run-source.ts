import { rowOf } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { addDays, dayOf } from '../../db/units/time.ts'
import { expected, HelioxError, rootCause } from '../errors.ts'
import { unseal, withoutSecrets } from '../seal.ts'
import { fetchOutside } from './fetch-outside.ts'
import { handOver } from './hand-over.ts'
import { kindOf } from './kinds/index.ts'
import type { PulledFile, SourceKind } from './kinds/kind.ts'
import { endRun, keepLease, type Lease, leaveRun } from './lease.ts'
import { type Run, runOf } from './run.ts'
import { type SourceRow, type SourceScope, sourceRow } from './source.ts'

/** How often a long file says that its run lives, by the machine's clock. */
const SIGN_OF_LIFE_MS = 30_000
/** What a source remembers may be long: it is written every so many files, and at the end. */
const FILES_PER_STATE = 25
const LONGEST_MESSAGE = 600

/**
 * Runs a leased run to its end: imports, one after the other, every file that the source has and Heliox has not. A file
 * that fails does not keep the others from coming, unless they go by their order; it is tried again with the next run. At
 * `untilMs` (of the machine's clock) the rest is left to the next round. Never throws: what went wrong stands in the run.
 */
export async function runSource(scope: SourceScope, lease: Lease, untilMs: number): Promise<Run> {
  let secrets: Record<string, string> = {}
  try {
    const row = await sourceRow(scope.db, lease.sourceId)
    secrets = await unseal(scope.settings.secretKey, row.id, row.sealedSecrets)
    const pulled = await pullFiles(scope, row, secrets, lease, untilMs)
    if (pulled.isLeft) await leaveRun(scope, lease)
    else {
      const status = pulled.failures.length > 0 ? 'failed' : 'success'
      const message = withoutSecrets(wordsOf(pulled), secrets).slice(0, LONGEST_MESSAGE)
      await endRun(scope, lease, status, message)
      if (status === 'failed') noteFailure(scope, lease, message)
    }
  } catch (error) {
    const message = withoutSecrets(expected(error)?.message ?? 'Something went wrong: see the log', secrets)
    const isLost = error instanceof HelioxError && error.code === 'sources.run_lost'
    if (!isLost) await endRun(scope, lease, 'failed', message.slice(0, LONGEST_MESSAGE))
    noteFailure(scope, lease, withoutSecrets(expected(error) ? message : String(rootCause(error)), secrets))
  }
  return runOf(scope.db, lease.id)
}

function noteFailure(scope: SourceScope, { id, sourceId, attempts }: Lease, error: string): void {
  scope.log.error('source.failed', { sourceId, runId: id, attempts, error })
}

/** How a source is asked. `yesterday` is the last whole UTC day. */
export function pullOf(
  scope: SourceScope,
  row: Pick<SourceRow, 'configJson' | 'stateJson' | 'provider'>,
  secrets: object,
) {
  const { now, settings } = scope
  return {
    ...{
      config: JSON.parse(row.configJson) as never,
      secrets: secrets as never,
      state: JSON.parse(row.stateJson) as never,
    },
    ...{ yesterday: addDays(dayOf(now()), -1), now: now() as EpochMs, provider: row.provider },
    fetch: (request: Parameters<typeof fetchOutside>[1]) => fetchOutside(settings, request),
  }
}

/** A source as one of its files is to be read. */
function readAs(row: SourceRow, kind: SourceKind, file: PulledFile): SourceRow {
  return { ...row, format: file.format ?? kind.format ?? row.format, source: file.source ?? row.source }
}

type Pulled = { imported: number; quarantined: number; empty: string[]; failures: string[]; isLeft: boolean }

async function pullFiles(
  scope: SourceScope,
  row: SourceRow,
  secrets: object,
  lease: Lease,
  untilMs: number,
): Promise<Pulled> {
  const kind = kindOf(row.kind)
  const pulled: Pulled = { imported: 0, quarantined: 0, empty: [], failures: [], isLeft: false }
  let state: object | null = null
  let waiting = 0
  const learn = async () => {
    const learned = state && { stateJson: JSON.stringify(state), configJson: row.configJson }
    await keepLease(scope, lease, learned)
    ;[state, waiting] = [null, 0]
  }
  try {
    for await (const file of kind.pull(pullOf(scope, row, secrets))) {
      if (Date.now() >= untilMs && pulled.imported > 0) {
        pulled.isLeft = true
        break
      }
      await keepLease(scope, lease, null)
      const isDone = await importOne(scope, readAs(row, kind, file), file, lease, pulled)
      if (!isDone && kind.isInOrder) break
      if (isDone && file.remember) state = file.remember()
      waiting += 1
      if (waiting >= FILES_PER_STATE) await learn()
    }
  } finally {
    if (state) await learn()
  }
  return pulled
}

/** Whether a file is done with. What its server says ends the run; what its content says is this file's alone. */
async function importOne(
  scope: SourceScope,
  row: SourceRow,
  file: PulledFile,
  lease: Lease,
  pulled: Pulled,
): Promise<boolean> {
  let signedAt = Date.now()
  const sign = async () => {
    if (Date.now() - signedAt < SIGN_OF_LIFE_MS) return
    signedAt = Date.now()
    await keepLease(scope, lease, null)
  }
  try {
    const view = await handOver(scope, row, file, sign)
    lease.importRows.push(rowOf('imp', view.importId) ?? 0)
    pulled.imported += 1
    pulled.quarantined += view.failed
    if (view.status !== 'failed') return true
    pulled.failures.push(`${file.fileName}: ${view.message}`)
    return false
  } catch (error) {
    const known = expected(error)
    if (known?.code === 'ingest.no_rows' || known?.code === 'ingest.empty') {
      pulled.empty.push(file.fileName)
      return true
    }
    if (!known?.code.startsWith('ingest.')) throw error
    pulled.failures.push(`${file.fileName}: ${known.message}`)
    return false
  }
}

function wordsOf({ imported, quarantined, empty, failures }: Pulled): string {
  const files = imported === 1 ? '1 file imported' : `${imported} files imported`
  const nothing = imported === 0 && empty.length === 0 && failures.length === 0
  return [
    ...(failures.length > 0 ? [`${failures.length} failed. ${failures.slice(0, 3).join('; ')}`] : []),
    nothing ? 'Nothing new' : files,
    ...(quarantined > 0 ? [`${quarantined} ${quarantined === 1 ? 'row' : 'rows'} quarantined`] : []),
    ...(empty.length > 0 ? [`without a row: ${empty.slice(0, 3).join(', ')}${empty.length > 3 ? ', …' : ''}`] : []),
  ].join('. ')
}
