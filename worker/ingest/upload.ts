import { z } from 'zod'
import { IMPORT_STATUSES, type ImportStatus } from '../../db/schema/ingest.ts'
import { normalName } from '../../db/units/gpu.ts'
import { GpuTime } from '../answer-fields.ts'
import { isTimeZone } from '../clock-offsets.ts'
import { DEPLOYMENT_SOURCE } from '../deployments/serving-team.ts'
import { HelioxError } from '../errors.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { KeptFiles } from '../uploads/kept-files.ts'
import { openBody } from '../uploads/open-body.ts'
import { DEMO_SOURCE } from './demo.ts'
import { ImportCounts, ImportTotals, ImportView } from './import-view.ts'
import { ingestFile } from './ingest-file.ts'
import { QuarantinedRow, quarantinedOf } from './list-imports.ts'
import { refuseWaiting, resumeImport } from './take-up.ts'

const Name = z
  .string()
  .regex(/^[\p{L}\p{N} ._:@/-]{0,100}$/u, 'letters, digits, blanks and . _ : @ / - only, at most 100')

/** What is said beside an uploaded file. */
export const UploadQuestion = z.object({
  format: z.string().min(1).max(40).default('auto'),
  dryRun: z
    .enum(['true', 'false', '1', '0'])
    .default('false')
    .transform((text) => text === 'true' || text === '1'),
  source: Name.optional(),
  provider: Name.default('').transform(normalName),
  currency: z
    .string()
    .regex(/^([A-Za-z]{3})?$/, 'a currency has three letters, such as USD')
    .default(''),
  timeZone: z
    .string()
    .max(60)
    .refine(isTimeZone, 'a time zone is named like Europe/Berlin')
    .default('')
    .describe('Of times that have no zone of their own; UTC unless said'),
  part: Name.default('').describe('Which part of an export that comes in several files; each is replaced by itself'),
  fileName: z.string().max(255).default(''),
  resume: IdText('imp')
    .optional()
    .describe('An import that was announced or broke off: its file, and all else as it was said then'),
})

/** The documented answer to an upload. */
export const UploadResult = z.object({
  status: z.enum(['success', 'partial_success', 'failed']),
  message: z.string(),
  importId: ImportView.shape.importId,
  format: z.string(),
  dryRun: z.boolean(),
  state: z.enum(IMPORT_STATUSES).describe('Where an import under way stands'),
  result: z.object({
    ...ImportCounts,
    errors: z.array(QuarantinedRow).describe('The first 100'),
    totals: ImportTotals.extend({ gpuSeconds: GpuTime }),
  }),
})
export type UploadResult = z.output<typeof UploadResult>

/**
 * Takes an uploaded file, gzip or plain, and ingests it as it arrives.
 *
 * @throws HelioxError too_large `ingest.too_large` above `maxBytes` as sent
 * @throws HelioxError invalid `ingest.reserved_source`, and what `ingestFile` and `resumeImport` throw
 */
export async function upload(
  scope: Scope,
  asked: z.output<typeof UploadQuestion>,
  request: Request,
  maxBytes: number,
  kept: KeptFiles | null,
): Promise<UploadResult> {
  allow(scope, 'imports:write')
  refuseReservedSource(asked.source)
  const progress = { bytesRead: 0, declaredBytes: Number(request.headers.get('content-length') ?? 0) }
  const { content, close } = await openBody(request.body, maxBytes, progress, kept).catch(async (error: unknown) => {
    if (asked.resume) await refuseWaiting(scope, asked.resume, error)
    throw error
  })
  try {
    if (asked.resume) return uploadResult(scope, await resumeImport(scope, asked.resume, content, progress))
    const { format, provider, currency, timeZone, part, fileName, dryRun: isDryRun, source = null } = asked
    const said = { format, provider, currency, timeZone, part, fileName, isDryRun, source }
    return uploadResult(scope, await ingestFile(scope, { ...said, text: content, progress }))
  } finally {
    await close()
  }
}

/** @throws HelioxError invalid `ingest.reserved_source` */
export function refuseReservedSource(source: string | undefined): void {
  const keptFor = { [DEMO_SOURCE]: 'the demo data', [DEPLOYMENT_SOURCE]: 'deployments' }[source ?? '']
  if (!keptFor) return
  const message = `The source name "${source}" is kept for ${keptFor}: choose another`
  throw new HelioxError('invalid', 'ingest.reserved_source', message)
}

/** The documented answers know three words; `state` has the exact one. */
function documentedStatus(status: ImportStatus): UploadResult['status'] {
  if (status === 'success' || status === 'removed') return 'success' // who removed it got what they asked for
  const hasFailed = status === 'failed' || status === 'interrupted' || status === 'cancelled'
  return hasFailed ? 'failed' : 'partial_success'
}

/** An import in the documented shape; one that is still under way says so in its message. */
export async function uploadResult({ db }: Pick<Scope, 'db'>, view: ImportView): Promise<UploadResult> {
  const {
    importId,
    format,
    isDryRun,
    message,
    status,
    totalRecords,
    inserted,
    updated,
    unchanged,
    failed,
    skipped,
    removed,
  } = view
  const errors = await quarantinedOf(db, importId, { skip: 0, limit: 100 })
  return {
    status: documentedStatus(status),
    message: message || 'The import is under way',
    ...{ importId, format, dryRun: isDryRun, state: status },
    result: {
      ...{ totalRecords, inserted, updated, unchanged, failed, skipped, removed, errors },
      totals: { ...view.totals, gpuSeconds: view.gpuSeconds },
    },
  }
}
