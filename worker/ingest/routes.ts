import { z } from 'zod'
import type { ImportId } from '../../db/units/ids.ts'
import type { Asking } from '../asking.ts'
import { adminKeyScope } from '../auth/require-admin-key.ts'
import { eventStream } from '../event-stream.ts'
import { IdText, Paging } from '../input-fields.ts'
import { databaseHealth } from '../monitoring/check-health.ts'
import { Answer, openRest, type RouteWords, rest } from '../rest.ts'
import type { Scope } from '../scope.ts'
import { textFile } from '../text-file.ts'
import { Replay, replayUpload } from '../uploads/replay-upload.ts'
import { snakeKeys, toWire } from '../wire.ts'
import { cancelImport, ImportCancelling } from './cancel-import.ts'
import { DemoStatus, demoStatus, removeDemo } from './demo.ts'
import { importBills, Restatements } from './import-bills.ts'
import { importReasons, ReasonPage, ReasonsAsked } from './import-reasons.ts'
import { importView } from './import-view.ts'
import { ImportFormats, importFormats } from './importers/index.ts'
import { CostMockResult, ingestCostMock, ingestJobMock, JobMockResult } from './ingest-mock.ts'
import { ImportPage, ImportsAsked, importErrors, listImports, QuarantinePage, RowsAsked } from './list-imports.ts'
import { loadDemoNow } from './load-demo.ts'
import { readBody } from './read-body.ts'
import { ImportRemoval, removeImport } from './remove-import.ts'
import { RowsToRetry, rejectedRows, retryRows } from './retry-rows.ts'
import { UploadQuestion, UploadResult, upload, uploadResult } from './upload.ts'
import { isUnderWay, watchImport } from './watch-import.ts'

const ImportAsked = z.object({ importId: IdText('imp') })
const SourceAsked = z.object({ source: z.string() })
const done = <Result extends z.ZodType>(result: Result) =>
  z.object({ status: z.literal('success'), message: z.string(), result })

const FOR_ADMIN_KEY: RouteWords = { credentials: ['apiKeyAuth'], errors: ['unauthenticated', 'forbidden'] }

export const ingestRoutes = [
  rest(
    'POST',
    '/imports',
    {
      summary: 'Import a file',
      ...{
        input: UploadQuestion,
        takesFile: true,
        answers: UploadResult,
        document: { errors: ['conflict', 'not_found'] },
      },
    },
    async (scope, asked, { request, settings, kept }) => upload(scope, asked, request, settings.maxUploadBytes, kept),
  ),
  rest(
    'GET',
    '/imports',
    { summary: 'Imports, the latest first', input: ImportsAsked, answers: ImportPage },
    listImports,
  ),
  rest(
    'GET',
    '/imports/formats',
    { summary: 'The formats that can be imported', input: z.object({}), answers: ImportFormats },
    importFormats,
  ),
  rest(
    'GET',
    '/imports/:import_id',
    { summary: 'One import', input: ImportAsked, answers: UploadResult },
    async (scope, { importId }) => uploadResult(scope, await importView(scope, importId)),
  ),
  rest(
    'GET',
    '/imports/:import_id/errors',
    {
      summary: 'Quarantined rows of an import; all of them unless paged',
      ...{ input: RowsAsked.extend(AllUnlessPaged()), answers: QuarantinePage },
    },
    importErrors,
  ),
  rest(
    'GET',
    '/imports/:import_id/reasons',
    {
      summary: 'Why rows of an import were quarantined: rows and dollars by code and column',
      ...{ input: ReasonsAsked, answers: ReasonPage },
    },
    importReasons,
  ),
  rest(
    'GET',
    '/imports/:import_id/rejects',
    {
      summary: 'Quarantined rows of an import as a file of its format',
      ...{
        input: ImportAsked,
        document: { description: 'To be corrected and sent again; a row that was too long to keep is not in it.' },
      },
    },
    async (scope, asked) => textFile(await rejectedRows(scope, asked), `rejects-${asked.importId}.txt`),
  ),
  rest(
    'POST',
    '/imports/:import_id/retry',
    { summary: 'Read the quarantined rows of an import again', input: RowsToRetry, answers: UploadResult },
    async (scope, asked) => uploadResult(scope, await retryRows(scope, asked)),
  ),
  rest(
    'GET',
    '/imports/:import_id/events',
    {
      summary: 'Progress of an import as it happens',
      input: ImportAsked,
      document: {
        answerType: 'text/event-stream',
        description:
          'Server-sent events: `progress` with the import as JSON each time that it has moved, `end` with its last state. ' +
          'Without an `end` the connection closes after about two minutes: ask again, as EventSource does.',
      },
    },
    async (scope, { importId }, { answerHeaders }) => {
      await importView(scope, importId) // who may not see it gets an answer, not a stream
      return eventStream(progressOf(scope, importId), answerHeaders)
    },
  ),
  rest(
    'POST',
    '/imports/:import_id/cancel',
    { summary: 'Stop an import', input: ImportCancelling, answers: UploadResult },
    async (scope, asked, { kept }) => uploadResult(scope, await cancelImport(scope, asked, kept)),
  ),
  rest(
    'POST',
    '/imports/:import_id/replay',
    {
      summary: 'Read the kept file of a failed import again',
      ...{ input: Replay, answers: UploadResult, status: 202 },
    },
    async (scope, asked, { kept }) => uploadResult(scope, await replayUpload(scope, asked, kept)),
  ),
  rest(
    'GET',
    '/imports/:import_id/bills',
    {
      summary: 'What an import restated: rows and dollars before and after',
      input: ImportAsked,
      answers: Restatements,
    },
    importBills,
  ),
  rest(
    'DELETE',
    '/imports/:import_id',
    { summary: 'Take an import away with its effect', input: ImportRemoval, answers: UploadResult },
    async (scope, asked) => uploadResult(scope, await removeImport(scope, asked)),
  ),
  rest(
    'GET',
    '/demo',
    { summary: 'Whether demo data is loaded', input: z.object({}), answers: DemoStatus },
    demoStatus,
  ),
  rest(
    'POST',
    '/demo',
    {
      summary: 'Load the demo data into an empty ledger',
      ...{ input: z.object({}), answers: DemoStatus, status: 201, document: { errors: ['conflict'] } },
    },
    loadDemoNow,
  ),
  rest('DELETE', '/demo', { summary: 'Remove the demo data', input: z.object({}), status: 204 }, removeDemo),
  openRest(
    'POST',
    '/admin/ingest/cost/:source',
    {
      summary: 'Ingest the documented costs',
      ...{ input: SourceAsked, takesFile: true, answers: done(CostMockResult), document: FOR_ADMIN_KEY },
    },
    async (asking, { source }) => {
      const result = await ingestCostMock(await adminKeyScope(asking), source, await documentIn(asking))
      return { status: 'success', message: `Ingested ${result.totalRecords} cost records`, result }
    },
  ),
  openRest(
    'POST',
    '/admin/ingest/jobs/:source',
    {
      summary: 'Ingest the documented jobs',
      ...{ input: SourceAsked, takesFile: true, answers: done(JobMockResult), document: FOR_ADMIN_KEY },
    },
    async (asking, { source }) => {
      const result = await ingestJobMock(await adminKeyScope(asking), source, await documentIn(asking))
      return { status: 'success', message: `Ingested ${result.jobs.total} jobs of ${result.teams.total} teams`, result }
    },
  ),
  openRest(
    'GET',
    '/admin/health',
    {
      summary: 'Health, for the admin key; 503 where the database does not answer',
      input: z.object({}),
      answers: z.object({ status: z.enum(['ok', 'unavailable']), database: z.enum(['ok', 'unreachable']) }),
      document: { ...FOR_ADMIN_KEY, alsoStatus: [503] },
    },
    async (asking) => {
      await adminKeyScope(asking)
      const { isUp } = await databaseHealth(asking)
      return new Answer(isUp ? 200 : 503, {
        ...{ status: isUp ? 'ok' : 'unavailable', database: isUp ? 'ok' : 'unreachable' },
      })
    },
  ),
]

async function* progressOf(scope: Scope, importId: ImportId) {
  for await (const view of watchImport(scope, importId))
    yield view && { name: isUnderWay(view) ? 'progress' : 'end', data: snakeKeys(toWire(view)) }
}

function AllUnlessPaged() {
  return { ...Paging, limit: z.coerce.number().int().min(1).max(1_000_000).default(1_000_000) }
}

const LARGEST_DOCUMENT = 8 * 1024 * 1024

/** A document sent in place of the fixture; null: none was. It is small by nature, so it is read whole. */
async function documentIn({ request, settings }: Asking): Promise<string | null> {
  if (!request.body || request.headers.get('content-length') === '0') return null
  let text = ''
  const most = Math.min(settings.maxUploadBytes, LARGEST_DOCUMENT)
  for await (const piece of readBody(request.body, most, { bytesRead: 0 })) text += piece
  return text.trim() === '' ? null : text
}
