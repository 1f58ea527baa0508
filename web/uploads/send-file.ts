import type { UsdText } from '../../db/units/money.ts'
import { type Refusal, refusalOf } from '../api.ts'
import type { ImportStatus } from '../components/status-badge.tsx'

/** What `POST /api/v1/imports` answers. */
export type ImportAnswer = {
  status: ImportStatus
  message: string
  import_id: string
  format: string
  dry_run: boolean
  result: {
    total_records: number
    inserted: number
    updated: number
    unchanged: number
    failed: number
    skipped: number
    errors: { line: number; column: string | null; code: string; message: string }[]
    totals: {
      file_cost_usd: UsdText
      stored_cost_usd: UsdText
      quarantined_cost_usd: UsdText
      rounding_cost_usd?: UsdText
      gpu_hours: `${number}`
    }
  }
}

export type UploadOptions = { format: string; source: string; isDryRun: boolean }

/**
 * Sends a file as it is. XMLHttpRequest, because fetch does not tell how much has left. Rejects with Refusal when
 * the server says no, with a plain Error when it does not answer.
 */
export function sendFile(file: File, options: UploadOptions, onSent: (bytes: number) => void): Promise<ImportAnswer> {
  return new Promise((resolve, reject: (reason: Refusal | Error) => void) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/imports?${queryOf(file.name, options)}`)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.setRequestHeader('Accept', 'application/json')
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.upload.onload = () => onSent(file.size)
    request.onload = () => {
      const answer = request.status < 300 ? answerOf(request.responseText) : null
      if (answer) resolve(answer)
      else reject(refusalOf(request.status, request.responseText))
    }
    request.onerror = () => reject(new Error('no answer'))
    request.send(file)
  })
}

/** The address's parameters for a file: an empty source is left out, so that the server decides. */
export function queryOf(fileName: string, { format, source, isDryRun }: UploadOptions): string {
  const query = new URLSearchParams({ format, dry_run: String(isDryRun), file_name: fileName })
  if (source.trim() !== '') query.set('source', source.trim())
  return query.toString()
}

function answerOf(text: string): ImportAnswer | null {
  try {
    const body = JSON.parse(text) as ImportAnswer
    return body?.result ? body : null
  } catch {
    return null
  }
}
