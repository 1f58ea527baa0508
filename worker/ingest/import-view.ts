import { asc, count, desc, eq, sql } from 'drizzle-orm'
import { type ImportStatus, imports, quarantinedRows } from '../../db/schema/ingest.ts'
import type { ImportId } from '../../db/units/ids.ts'
import { type ExactUsd, exactOf, exactText, type NanoUsd, subtractExact, type UsdText } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { importerOf } from './importers/index.ts'

/**
 * One import as its page shows it. totalRecords = inserted + updated + failed once it has been stored; `unchanged` is
 * part of `updated`; `skipped` lines are no records. Amounts are exact: file = stored + quarantined + rounding, billed and
 * effective (amortised) each; of a file that broke off or was refused whole only the quarantined rows count.
 * `gpuSeconds`: what the jobs held, or the bill says it bought.
 */
export type ImportView = {
  importId: ImportId
  format: string
  /** Jobs have no dollars of their own. */
  kind: 'costs' | 'jobs'
  source: string
  fileName: string
  status: ImportStatus
  isDryRun: boolean
  actor: string
  startedAtMs: EpochMs
  finishedAtMs: EpochMs | null
  message: string
  bytesRead: number
  rowsRead: number
  totalRecords: number
  skipped: number
  inserted: number
  updated: number
  unchanged: number
  failed: number
  removed: number
  gpuSeconds: number
  totals: {
    fileCostUsd: UsdText
    storedCostUsd: UsdText
    quarantinedCostUsd: UsdText
    roundingCostUsd: UsdText
    fileEffectiveCostUsd: UsdText
    storedEffectiveCostUsd: UsdText
    quarantinedEffectiveCostUsd: UsdText
    roundingEffectiveCostUsd: UsdText
  }
}

/** @throws HelioxError not_found `ingest.no_import` */
export async function importView({ db }: Pick<Scope, 'db'>, importId: ImportId): Promise<ImportView> {
  const [row] = await db.select().from(imports).where(eq(imports.id, importId))
  if (!row) throw new HelioxError('not_found', 'ingest.no_import', `There is no import ${importId}`)
  return viewOf(row)
}

export type Page = { skip: number; limit: number }

/** Imports, the latest first. */
export async function listImports({ db }: Scope, { skip, limit }: Page) {
  const rows = await db.select().from(imports).orderBy(desc(imports.id)).limit(limit).offset(skip)
  const [all] = await db.select({ total: count().mapWith(Number) }).from(imports)
  const total = all?.total ?? 0
  return { imports: rows.map(viewOf), total, skip, limit, hasMore: skip + rows.length < total }
}

/** One quarantined row. `line` counts the file's lines from 1; `costUsd` is what the file wrote. */
export type QuarantinedRow = {
  line: number
  column: string | null
  code: string
  message: string
  costUsd: UsdText | null
}

/**
 * The quarantined rows of an import in the order of its lines.
 * @throws HelioxError not_found `ingest.no_import`
 */
export async function importErrors(scope: Pick<Scope, 'db'>, { importId, skip, limit }: Page & { importId: ImportId }) {
  const { failed } = await importView(scope, importId)
  const { line, column, code, message, costUsd } = quarantinedRows
  const rows = await scope.db
    .select({ line, column, code, message, costUsd: sql<UsdText | null>`${costUsd}` })
    .from(quarantinedRows)
    .where(eq(quarantinedRows.importId, importId))
    .orderBy(asc(quarantinedRows.line), asc(quarantinedRows.id))
    .limit(limit)
    .offset(skip)
  const errors: QuarantinedRow[] = rows
  return { errors, total: failed, skip, limit, hasMore: skip + errors.length < failed }
}

function viewOf(row: typeof imports.$inferSelect): ImportView {
  const billed = sums(row.fileCostUsd, row.storedCostNanoUsd, row.quarantinedCostUsd)
  const effective = sums(row.fileEffectiveCostUsd, row.storedEffectiveCostNanoUsd, row.quarantinedEffectiveCostUsd)
  const { id, userId, progressedAtMs, ...rest } = row
  const { fileCostUsd, quarantinedCostUsd, storedCostNanoUsd, ...others } = rest
  const { fileEffectiveCostUsd, quarantinedEffectiveCostUsd, storedEffectiveCostNanoUsd, ...view } = others
  return {
    ...view,
    importId: id,
    kind: importerOf(row.format).kind,
    totalRecords: row.rowsRead,
    totals: {
      ...{ fileCostUsd: billed.file, storedCostUsd: billed.stored, quarantinedCostUsd: billed.quarantined },
      ...{ roundingCostUsd: billed.rounding, fileEffectiveCostUsd: effective.file },
      ...{ storedEffectiveCostUsd: effective.stored, quarantinedEffectiveCostUsd: effective.quarantined },
      ...{ roundingEffectiveCostUsd: effective.rounding },
    },
  }
}

function sums(fileText: string, storedNanoUsd: NanoUsd, quarantinedText: string) {
  const [file, stored, quarantined] = [exactUsd(fileText), exactOf(storedNanoUsd), exactUsd(quarantinedText)]
  return {
    file: exactText(file),
    stored: exactText(stored),
    quarantined: exactText(quarantined),
    rounding: exactText(subtractExact(subtractExact(file, stored), quarantined)),
  }
}

/** A sum that we wrote: it may pass the length that `readUsd` allows one row. */
function exactUsd(text: string): ExactUsd {
  const [whole = '0', fraction = ''] = text.split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length }
}
