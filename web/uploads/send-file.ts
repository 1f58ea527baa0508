import type { UsdText } from '../../db/units/money.ts'
import { type Refusal, refusalOf } from '../api.ts'
import type { ImportStatus } from '../components/status-badge.tsx'
import { watchImport } from './watch-import.ts'

/** What `POST /api/v1/imports` answers. */
export type ImportAnswer = {
  status: ImportStatus
  state: ImportStatus
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

/** What is said beside a file; '' leaves it to the server. */
export type UploadOptions = {
  format: string
  source: string
  isDryRun: boolean
  part?: string
  provider?: string
  currency?: string
  timeZone?: string
}

/** What `POST /api/v1/uploads` answers, as far as the page needs it. */
export type Announced = { upload_id: string; part_bytes: number; most_bytes_at_once: number; parts: { part: number }[] }

/** A part is sent so often before it counts as lost. */
const MOST_TRIES = 4

/** Says that a file will come: its import has an id from here on. Rejects as `sendFile` does. */
export function announceFile(file: File, options: UploadOptions): Promise<Announced> {
  const size = file.size > 0 ? `&bytes=${file.size}` : '' // of an empty one the import says that it is
  const query = queryOf(file.name, options) + size
  return ask<Announced>('POST', `/api/v1/uploads?${query}`, null)
}

/**
 * Sends an announced file: at once, or in parts if it is large (those that have arrived already are not sent again), and
 * waits until it has been imported. Rejects with Refusal when the server says no, with a plain Error when it does not answer.
 */
export async function sendFile(
  file: File,
  { upload_id: id, part_bytes: size, most_bytes_at_once: most }: Announced,
  onSent: (bytes: number) => void,
): Promise<ImportAnswer> {
  if (file.size <= most) return ask('POST', `/api/v1/imports?resume=${id}`, file, onSent)
  const { parts } = await ask<Announced>('GET', `/api/v1/uploads/${id}`, null)
  const here = new Set(parts.map(({ part }) => part))
  for (let at = 0; at < file.size; at += size) {
    const part = at / size + 1
    const piece = file.slice(at, at + size)
    if (!here.has(part)) await sendPart(`/api/v1/uploads/${id}/parts/${part}`, piece, (bytes) => onSent(at + bytes))
    onSent(Math.min(file.size - 1, at + size)) // all of it has left only when the server knows that it is whole
  }
  await ask('POST', `/api/v1/uploads/${id}/complete`, null)
  onSent(file.size)
  await new Promise<void>((resume) => {
    watchImport(id, ({ status }) => END.has(status) && resume())
  })
  return ask('GET', `/api/v1/imports/${id}`, null)
}

const END: ReadonlySet<ImportStatus> = new Set(['success', 'partial_success', 'failed', 'cancelled', 'removed'])

async function sendPart(path: string, piece: Blob, onSent: (bytes: number) => void): Promise<void> {
  for (let tries = 1; ; tries += 1)
    try {
      await ask('PUT', path, piece, onSent)
      return
    } catch (error) {
      const isSilence = !('status' in (error as object)) || (error as Refusal).status >= 500
      if (!isSilence || tries === MOST_TRIES) throw error
      await new Promise((resume) => setTimeout(resume, 1000 * 2 ** tries))
    }
}

/** XMLHttpRequest, because fetch does not tell how much has left. */
function ask<T>(method: string, path: string, body: Blob | null, onSent?: (bytes: number) => void): Promise<T> {
  return new Promise((resolve, reject: (reason: Refusal | Error) => void) => {
    const request = new XMLHttpRequest()
    request.open(method, path)
    if (body) request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.setRequestHeader('Accept', 'application/json')
    if (body && onSent) {
      request.upload.onprogress = ({ loaded }) => onSent(loaded)
      request.upload.onload = () => onSent(body.size)
    }
    request.onload = () => {
      const answer = request.status < 300 ? answerOf<T>(request.responseText) : null
      if (answer) resolve(answer)
      else reject(refusalOf(request.status, request.responseText))
    }
    request.onerror = () => reject(new Error('no answer'))
    request.send(body)
  })
}

/** The address's parameters for a file: what is empty is left out, so that the server decides. */
export function queryOf(fileName: string, options: UploadOptions): string {
  const { format, source, isDryRun, part, provider, currency, timeZone } = options
  const query = new URLSearchParams({ format, dry_run: String(isDryRun), file_name: fileName })
  for (const [name, said] of Object.entries({ source, part, provider, currency, time_zone: timeZone }))
    if (said && said.trim() !== '') query.set(name, said.trim())
  return query.toString()
}

function answerOf<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}
