import { and, eq, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { IMPORT_STATUSES, imports } from '../../db/schema/ingest.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import type { ImportId } from '../../db/units/ids.ts'
import { exactOf, exactOfText, exactText, type NanoUsd, subtractExact, type UsdText } from '../../db/units/money.ts'
import { AnsweredId, GpuTime, Instant } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { allow, visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { importerOf } from './importers/index.ts'

/** Dollars as the file wrote them, to its last digit: finer than nano-dollars if the file is. */
export const FileUsd = z
  .custom<UsdText>((value) => typeof value === 'string')
  .meta({ type: 'string', pattern: '^-?\\d+\\.\\d{2,}$', examples: ['52073.58'] })

/** File = stored + quarantined + rounding, billed and effective (amortised) each. */
export const ImportTotals = z.object({
  fileCostUsd: FileUsd,
  storedCostUsd: FileUsd,
  quarantinedCostUsd: FileUsd,
  roundingCostUsd: FileUsd,
  fileEffectiveCostUsd: FileUsd,
  storedEffectiveCostUsd: FileUsd,
  quarantinedEffectiveCostUsd: FileUsd,
  roundingEffectiveCostUsd: FileUsd,
})

/** What became of a file's records. */
export const ImportCounts = {
  totalRecords: z.number().int().describe('inserted + updated + failed, once it has been stored'),
  inserted: z.number().int(),
  updated: z.number().int().describe('Known rows, unchanged ones included'),
  unchanged: z.number().int().describe('Part of updated'),
  failed: z.number().int().describe('Quarantined rows'),
  skipped: z.number().int().describe('Lines that are no records'),
  removed: z.number().int().describe('Entries of a restated bill that the file no longer mentions'),
}

/**
 * One import as its page shows it. Of a file that broke off or was refused whole only the quarantined rows count.
 * `gpuSeconds`: what the jobs held, or the bill says it bought.
 */
export const ImportView = z.object({
  importId: AnsweredId('imp'),
  format: z.string().meta({ examples: ['cost-csv'] }),
  kind: z
    .enum(['costs', 'jobs', 'usage', 'tokens'])
    .nullable()
    .describe('Only costs and tokens have dollars of their own; null: not recognised yet'),
  source: z.string(),
  part: z.string().describe('Which part of an export in several files; empty: a whole one'),
  provider: z.string().describe('As the sender said'),
  currency: z.string().describe('As the sender said'),
  timeZone: z.string().describe('Of times without a zone; empty: UTC'),
  fileName: z.string(),
  recognisedBy: z.string().describe('How the format was told; empty: it was stated'),
  status: z.enum(IMPORT_STATUSES),
  isDryRun: z.boolean(),
  actor: z.string().describe('E-mail, or the name of the key that sent it'),
  startedAtMs: Instant,
  finishedAtMs: Instant.nullable().describe('Null: under way'),
  message: z.string(),
  bytesRead: z.number().int(),
  bytesExpected: z.number().int().describe('As announced; 0: not known'),
  attempts: z.number().int().describe('How often a kept file was tried'),
  isCancelAsked: z.boolean(),
  isKept: z.boolean().describe('Its file is kept; one that failed can be replayed or thrown away'),
  rowsRead: z.number().int(),
  ...ImportCounts,
  gpuSeconds: GpuTime,
  totals: ImportTotals,
})
export type ImportView = z.output<typeof ImportView>

/**
 * One import. Who does not see the whole company sees what they have sent themselves, and what keys of their teams have.
 *
 * @throws HelioxError not_found `ingest.no_import`
 */
export async function importView(scope: Scope, importId: ImportId): Promise<ImportView> {
  allow(scope, 'imports:read')
  return readImport(scope.db, importId, visibleImports(scope))
}

/** For who has it under way. @throws HelioxError not_found `ingest.no_import` */
export async function readImport(db: Db, importId: ImportId, visible?: SQL): Promise<ImportView> {
  const [row] = await db
    .select()
    .from(imports)
    .where(and(eq(imports.id, importId), visible))
  if (!row) throw new HelioxError('not_found', 'ingest.no_import', `There is no import ${importId}`)
  return viewOf(row)
}

/** Whose imports the actor sees, as a condition; undefined: all. */
export function visibleImports(scope: Pick<Scope, 'actor'>): SQL | undefined {
  const teamRows = visibleTeamRows(scope)
  if (teamRows === null) return undefined
  const { userId, keyId } = scope.actor
  const ofTeams = sql`${apiKeys.teamId} in (select value from json_each(${teamRows}))`
  return or(
    userId === null ? undefined : eq(imports.userId, userId),
    keyId === null ? undefined : eq(imports.keyId, keyId),
    sql`${imports.keyId} in (select ${apiKeys.id} from ${apiKeys} where ${ofTeams})`,
  )
}

export function viewOf(row: typeof imports.$inferSelect): ImportView {
  const billed = sums(row.fileCostUsd, row.storedCostNanoUsd, row.quarantinedCostUsd)
  const effective = sums(row.fileEffectiveCostUsd, row.storedEffectiveCostNanoUsd, row.quarantinedEffectiveCostUsd)
  const { id, userId, keyId, progressedAtMs, objectKey, frameJson, cursorRows, cursorMark, isReadWhole, ...rest } = row
  const { fileCostUsd, quarantinedCostUsd, storedCostNanoUsd, ...others } = rest
  const { fileEffectiveCostUsd, quarantinedEffectiveCostUsd, storedEffectiveCostNanoUsd, gpuMs, ...view } = others
  return {
    ...view,
    importId: id,
    gpuSeconds: gpuSecondsOfMs(gpuMs),
    kind: row.format === 'auto' ? null : importerOf(row.format).kind,
    isKept: objectKey !== '',
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
  const [file, stored, quarantined] = [exactOfText(fileText), exactOf(storedNanoUsd), exactOfText(quarantinedText)]
  return {
    file: exactText(file),
    stored: exactText(stored),
    quarantined: exactText(quarantined),
    rounding: exactText(subtractExact(subtractExact(file, stored), quarantined)),
  }
}
