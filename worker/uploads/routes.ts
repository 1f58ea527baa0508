import { UploadResult, uploadResult } from '../ingest/upload.ts'
import { rest } from '../rest.ts'
import { Announcement, announceUpload } from './announce-upload.ts'
import { completeUpload, discardUpload, UploadAsked } from './complete-upload.ts'
import { KeptPartView, PartAsked, sendPart } from './send-part.ts'
import { Upload, uploadOf } from './upload-of.ts'

export const uploadsRoutes = [
  rest(
    'POST',
    '/uploads',
    {
      summary: 'Announce a file',
      ...{ input: Announcement, answers: Upload, status: 201 },
      document: {
        description:
          'Gives its import an id before the first byte. Then send the file at once, `POST /imports?resume=`, or in parts ' +
          'of `part_bytes`, `PUT /uploads/{upload_id}/parts/{part}`, and say that they are all there: it is then read ' +
          'without you. What never comes is forgotten after a day.',
      },
    },
    (scope, asked, { settings }) => announceUpload(scope, asked, settings),
  ),
  rest(
    'GET',
    '/uploads/:upload_id',
    { summary: 'An announced file and the parts of it that have come', input: UploadAsked, answers: Upload },
    (scope, { uploadId }, { kept, settings }) => uploadOf(scope, uploadId, kept, settings.maxUploadBytes),
  ),
  rest(
    'PUT',
    '/uploads/:upload_id/parts/:part',
    {
      summary: 'Send a part of a file; the same number again replaces it',
      ...{ input: PartAsked, answers: KeptPartView, takesFile: true },
    },
    (scope, asked, { request, kept }) => sendPart(scope, asked, request, kept),
  ),
  rest(
    'POST',
    '/uploads/:upload_id/complete',
    { summary: 'Say that all parts have come', ...{ input: UploadAsked, answers: UploadResult, status: 202 } },
    async (scope, asked, { kept, settings }) =>
      uploadResult(scope, await completeUpload(scope, asked, kept, settings.maxKeptBytes)),
  ),
  rest(
    'DELETE',
    '/uploads/:upload_id',
    { summary: 'Give up an announced file, or throw away a kept one', ...{ input: UploadAsked, status: 204 } },
    (scope, asked, { kept }) => discardUpload(scope, asked, kept),
  ),
]
