import { asc, count, desc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { imports, quarantinedRows } from '../../db/schema/ingest.ts'
import { type ImportId, idText } from '../../db/units/ids.ts'
import type { UsdText } from '../../db/units/money.ts'
import { AnsweredId, PageOf, pageOf } from '../answer-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { FileUsd, ImportView, importView, viewOf, visibleImports } from './import-view.ts'

type Page = { skip: number; limit: number }

export const ImportPage = PageOf('imports', ImportView)
export type ImportPage = z.output<typeof ImportPage>

/** Imports that the actor may see, the latest first. */
export async function listImports(scope: Scope, page: Page): Promise<ImportPage> {
  allow(scope, 'imports:read')
  const visible = visibleImports(scope)
  const { skip, limit } = page
  const rows = await scope.db.select().from(imports).where(visible).orderBy(desc(imports.id)).limit(limit).offset(skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(imports)
    .where(visible)
  return pageOf('imports', rows.map(viewOf), all?.total ?? 0, page, visibleTeams(scope) !== null)
}

/** One quarantined row. */
export const QuarantinedRow = z.object({
  line: z.number().int().describe('Line of the file, from 1'),
  column: z.string().nullable().describe('Null: the row as a whole'),
  code: z.string().meta({ examples: ['ingest.bad_date'] }),
  message: z.string(),
  costUsd: FileUsd.nullable().describe('As the file wrote it; null: unreadable too, or not a cost'),
})
export type QuarantinedRow = z.output<typeof QuarantinedRow>

/** … and as the file has it. */
export const KeptRow = QuarantinedRow.extend({
  record: z.string().describe('The row as the file has it; empty: it was not kept'),
  resolvedBy: AnsweredId('imp').nullable().describe('The import that read it again; null: none'),
})

export const QuarantinePage = PageOf('errors', KeptRow)
export type QuarantinePage = z.output<typeof QuarantinePage>

/**
 * The quarantined rows of an import in the order of its lines: who sees the import sees all of them.
 *
 * @throws HelioxError not_found `ingest.no_import`
 */
export async function importErrors(
  scope: Scope,
  { importId, ...page }: Page & { importId: ImportId },
): Promise<QuarantinePage> {
  allow(scope, 'imports:read')
  const { failed } = await importView(scope, importId)
  return pageOf('errors', await keptRows(scope.db, importId, page), failed, page, false)
}

/** For who has the import under way. */
export async function quarantinedOf(db: Db, importId: ImportId, page: Page): Promise<QuarantinedRow[]> {
  return (await keptRows(db, importId, page)).map(({ record, resolvedBy, ...row }) => row)
}

async function keptRows(db: Db, importId: ImportId, { skip, limit }: Page): Promise<z.output<typeof KeptRow>[]> {
  const { line, column, code, message, costUsd, record, resolvedBy } = quarantinedRows
  const rows = await db
    .select({ line, column, code, message, costUsd: sql<UsdText | null>`${costUsd}`, record, resolvedBy })
    .from(quarantinedRows)
    .where(eq(quarantinedRows.importId, importId))
    .orderBy(asc(quarantinedRows.line), asc(quarantinedRows.id))
    .limit(limit)
    .offset(skip)
  return rows.map((row) => ({ ...row, resolvedBy: row.resolvedBy ? idText('imp', row.resolvedBy) : null }))
}
