import { count, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import { teams } from '../../db/schema/teams.ts'
import costFixture from '../../seeds/mock_cost_export.json' with { type: 'json' }
import jobFixture from '../../seeds/mock_jobs.json' with { type: 'json' }
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { ImportView } from './import-view.ts'
import { ingestFile } from './ingest-file.ts'
import { StrictRefusal } from './stage-file.ts'

/** The documented answers of the mock ingest. */
const Count = z.number().int()
const Errors = z.array(z.string()).describe('Empty: one bad row refuses the whole document')
export const CostMockResult = z.object({
  ...{ totalRecords: Count, inserted: Count, updated: Count, failed: Count, errors: Errors },
})
export type CostMockResult = z.output<typeof CostMockResult>
export const JobMockResult = z.object({
  teams: z.object({ created: Count, existing: Count, total: Count }),
  jobs: z.object({ inserted: Count, updated: Count, failed: Count, total: Count }),
  errors: Errors,
})
export type JobMockResult = z.output<typeof JobMockResult>

/**
 * Ingests the documented cost export, or `document` in its place: through the same door as any file, but all or nothing.
 *
 * @throws HelioxError not_found `ingest.unknown_source` for a source that is not "mock"
 * @throws HelioxError invalid `ingest.invalid_cost_data` "Invalid cost data format", with "cost_data -> 0 -> cost_usd: …"
 */
export async function ingestCostMock(scope: Scope, source: string, document: string | null): Promise<CostMockResult> {
  allow(scope, 'imports:write')
  requireMock(source)
  const text = document ?? JSON.stringify(costFixture)
  const view = await strictly('cost_data', 'Invalid cost data format', 'ingest.invalid_cost_data', () =>
    ingest(scope, 'cost-json', 'mock_cost_export.json', text),
  )
  const { totalRecords, inserted, updated, failed } = view
  return { totalRecords, inserted, updated, failed, errors: [] }
}

/**
 * Ingests the documented teams and jobs, or `document` in their place; all or nothing.
 *
 * @throws HelioxError not_found `ingest.unknown_source` for a source that is not "mock"
 * @throws HelioxError invalid `ingest.invalid_job_data`
 */
export async function ingestJobMock(scope: Scope, source: string, document: string | null): Promise<JobMockResult> {
  allow(scope, 'imports:write')
  requireMock(source)
  const text = document ?? JSON.stringify(jobFixture)
  const names = teamNames(text)
  const before = await known(scope, names)
  const view = await strictly('jobs', 'Invalid jobs data format', 'ingest.invalid_job_data', () =>
    ingest(scope, 'jobs-json', 'mock_jobs.json', text),
  )
  const { totalRecords, inserted, updated, failed } = view
  return {
    teams: { created: names.length - before, existing: before, total: names.length },
    jobs: { inserted, updated, failed, total: totalRecords },
    errors: [],
  }
}

function requireMock(source: string): void {
  if (source !== 'mock')
    throw new HelioxError('not_found', 'ingest.unknown_source', `There is no source ${source.slice(0, 60)}`)
}

async function ingest(scope: Scope, format: string, fileName: string, text: string): Promise<ImportView> {
  const progress = { bytesRead: new TextEncoder().encode(text).byteLength }
  async function* whole() {
    yield text
  }
  const input = {
    format,
    source: null,
    fileName,
    isDryRun: false,
    provider: '',
    currency: '',
    timeZone: '',
    part: '',
    isStrict: true,
  }
  return ingestFile(scope, { ...input, text: whole(), progress })
}

/** Runs an all-or-nothing ingest; its refusal is told by place, as the document says: "cost_data -> 0 -> cost_usd: …". */
async function strictly(list: string, message: string, code: string, run: () => Promise<ImportView>) {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof HelioxError) || error.kind !== 'invalid') throw error
    const place =
      error instanceof StrictRefusal ? [list, String(error.index), error.column ?? 'row'].join(' -> ') : list
    const reason = error instanceof StrictRefusal ? error.reason : error.message
    throw new HelioxError('invalid', code, message, { details: [`${place}: ${reason}`] })
  }
}

function teamNames(text: string): string[] {
  try {
    const { teams: listed } = JSON.parse(text) as { teams?: { name?: unknown }[] }
    const names = (Array.isArray(listed) ? listed : []).map(({ name }) => (typeof name === 'string' ? name.trim() : ''))
    return [...new Set(names.filter((name) => name !== ''))]
  } catch {
    return [] // the ingest says what is wrong with it
  }
}

async function known({ db }: Scope, names: string[]): Promise<number> {
  if (names.length === 0) return 0
  const lower = names.map((name) => name.toLowerCase())
  const [row] = await db
    .select({ count: count().mapWith(Number) })
    .from(teams)
    .where(inArray(sql`lower(${teams.name})`, lower))
  return row?.count ?? 0
}
