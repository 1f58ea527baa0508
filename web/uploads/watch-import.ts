import type { UsdText } from '../../db/units/money.ts'
import { api } from '../api.ts'
import type { ImportStatus } from '../components/status-badge.tsx'

/** How far an import is. */
export type Progress = {
  status: ImportStatus
  rowsRead: number
  rowsStored: number
  bytesRead: number
  /** 0: not known. */
  bytesExpected: number
  /** Null: a file without money in it, or not recognised yet. */
  fileCostUsd: UsdText | null
}

const POLL_MS = 1_000

const ENDED: ReadonlySet<ImportStatus> = new Set(['success', 'partial_success', 'failed', 'cancelled', 'removed'])

export function hasEnded({ status }: Pick<Progress, 'status'>): boolean {
  return ENDED.has(status)
}

/**
 * Tells an import's progress as it happens, its last state last, until the answer is called. By server-sent events; while
 * those do not get through, by asking once a second.
 */
export function watchImport(importId: string, onProgress: (progress: Progress) => void): () => void {
  let polling: ReturnType<typeof setTimeout> | undefined
  let isOver = false
  const events = new EventSource(`/api/v1/imports/${importId}/events`)
  const stopPolling = () => {
    clearTimeout(polling)
    polling = undefined
  }
  const stop = () => {
    isOver = true
    events.close()
    stopPolling()
  }
  const take = (progress: Progress) => {
    if (isOver) return
    if (hasEnded(progress)) stop()
    onProgress(progress)
  }
  const poll = async () => {
    try {
      take(progressOf(await api.imports.get.query({ importId })))
    } catch {
      // the next question may get through
    }
    if (!isOver && polling) polling = setTimeout(() => void poll(), POLL_MS)
  }
  for (const name of ['progress', 'end'])
    events.addEventListener(name, ({ data }: MessageEvent<string>) => {
      stopPolling()
      take(progressIn(JSON.parse(data) as WireProgress))
    })
  // It connects again by itself, unless it was refused: meanwhile somebody has to ask.
  events.onerror = () => {
    if (!isOver) polling ??= setTimeout(() => void poll(), 0)
  }
  return stop
}

type WireProgress = {
  status: ImportStatus
  kind: string | null
  rows_read: number
  inserted: number
  updated: number
  bytes_read: number
  bytes_expected: number
  totals: { file_cost_usd: UsdText }
}

function progressIn(view: WireProgress): Progress {
  const { status, kind, rows_read: rowsRead, bytes_read: bytesRead, bytes_expected: bytesExpected } = view
  const rowsStored = view.inserted + view.updated
  const fileCostUsd = kind === 'costs' || kind === 'tokens' ? view.totals.file_cost_usd : null
  return { status, rowsRead, rowsStored, bytesRead, bytesExpected, fileCostUsd }
}

/** The same of an answer to `imports.get` or `imports.list`. */
export function progressOf(view: Awaited<ReturnType<typeof api.imports.get.query>>): Progress {
  const { status, kind, rowsRead, inserted, updated, bytesRead, bytesExpected, totals } = view
  const fileCostUsd = kind === 'costs' || kind === 'tokens' ? totals.fileCostUsd : null
  return { status, rowsRead, rowsStored: inserted + updated, bytesRead, bytesExpected, fileCostUsd }
}
