import { and, asc, count, desc, eq, inArray, ne, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { IMPORT_STATUSES, imports, quarantinedRows } from '../../db/schema/ingest.ts'
import { type ImportId, idText } from '../../db/units/ids.ts'
import type { UsdText } from '../../db/units/money.ts'
import { AnsweredId, PageOf, pageOf } from '../answer-fields.ts'
import { IdText, LineText, Paging } from '../input-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { FileUsd, ImportView, importView, viewOf, visibleImports } from './import-view.ts'
import { IMPORTERS } from './importers/index.ts'

type Page = { skip: number; limit: number }

const Filters = z.object({
  status: z.enum(IMPORT_STATUSES).optional(),
  kind: ImportView.shape.kind.unwrap().optional(),
  format: LineText(60)
    .optional()
    .meta({ examples: ['focus-csv'] }),
  source: LineText(100).optional().describe('Part of the source’s name, in any case'),
  fileName: LineText(255).optional().describe('Part of the file’s name, in any case'),
  kept: z
    .enum(['true', 'false', '1', '0'])
    .optional()
    .describe('true: only failed imports whose file is kept, to be replayed or thrown away'),
})

/** A page of the history, narrowed by every filter that is given. */
export const ImportsAsked = Filters.extend(Paging)

export const ImportPage = PageOf('imports', ImportView)
export type ImportPage = z.output<typeof ImportPage>

/** Imports that the actor may see and the filters let through, the latest first. */
export async function listImports(
  scope: Scope,
  { skip, limit, ...filters }: Page & z.output<typeof Filters>,
): Promise<ImportPage> {
  allow(scope, 'imports:read')
  const visible = and(visibleImports(scope), matching(filters))
  const rows = await scope.db.select().from(imports).where(visible).orderBy(desc(imports.id)).limit(limit).offset(skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(imports)
    .where(visible)
  return pageOf('imports', rows.map(viewOf), all?.total ?? 0, { skip, limit }, visibleTeams(scope) !== null)
}

function matching({ status, kind, format, source, fileName, kept }: z.output<typeof Filters>): SQL | undefined {
  const ofKind = IMPORTERS.filter((importer) => importer.kind === kind).map(({ id }) => id)
  return and(
    status ? eq(imports.status, status) : undefined,
    kind ? inArray(imports.format, ofKind) : undefined,
    format ? eq(imports.format, format) : undefined,
    kept === 'true' || kept === '1' ? and(eq(imports.status, 'failed'), ne(imports.objectKey, '')) : undefined,
    source ? holds(sql`${imports.source}`, source) : undefined,
    fileName ? holds(sql`${imports.fileName}`, fileName) : undefined,
  )
}

/** Without regard to case, and without wildcards: an underscore is an underscore. */
function holds(text: SQL, part: string): SQL {
  return sql`instr(lower(${text}), lower(${part})) > 0`
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

export const RowsAsked = z.object({
  importId: IdText('imp'),
  code: LineText(60)
    .optional()
    .describe('Only rows refused with this code')
    .meta({ examples: ['ingest.bad_date'] }),
})

/**
 * The quarantined rows of an import in the order of its lines: who sees the import sees all of them.
 *
 * @throws HelioxError not_found `ingest.no_import`
 */
export async function importErrors(
  scope: Scope,
  { importId, code, ...page }: Page & z.output<typeof RowsAsked>,
): Promise<QuarantinePage> {
  allow(scope, 'imports:read')
  const { failed } = await importView(scope, importId)
  const total = code === undefined ? failed : await countOf(scope.db, importId, code)
  return pageOf('errors', await keptRows(scope.db, importId, page, code), total, page, false)
}

async function countOf(db: Db, importId: ImportId, code: string): Promise<number> {
  const [all] = await db
    .select({ total: count().mapWith(Number) })
    .from(quarantinedRows)
    .where(and(eq(quarantinedRows.importId, importId), eq(quarantinedRows.code, code)))
  return all?.total ?? 0
}

/** For who has the import under way. */
export async function quarantinedOf(db: Db, importId: ImportId, page: Page): Promise<QuarantinedRow[]> {
  return (await keptRows(db, importId, page)).map(({ record, resolvedBy, ...row }) => row)
}

async function keptRows(
  db: Db,
  importId: ImportId,
  { skip, limit }: Page,
  onlyCode?: string,
): Promise<z.output<typeof KeptRow>[]> {
  const { line, column, code, message, costUsd, record, resolvedBy } = quarantinedRows
  const rows = await db
    .select({ line, column, code, message, costUsd: sql<UsdText | null>`${costUsd}`, record, resolvedBy })
    .from(quarantinedRows)
    .where(and(eq(quarantinedRows.importId, importId), onlyCode === undefined ? undefined : eq(code, onlyCode)))
    .orderBy(asc(quarantinedRows.line), asc(quarantinedRows.id))
    .limit(limit)
    .offset(skip)
  return rows.map((row) => ({ ...row, resolvedBy: row.resolvedBy > 0 ? idText('imp', row.resolvedBy) : null }))
}
