// @ts-check
import { setTimeout as wait } from 'node:timers/promises'
import { BrokenConnection } from './request.mjs'
import { isPassing, pauseOf } from './try-again.mjs'

/** @typedef {import('./request.mjs').Answered} Answered */

const ASK_AGAIN_MS = 1_000
/** About two minutes of a server that is not there, such as while it is started anew. */
const MOST_SILENCES = 7

/**
 * Watches an import by server-sent events, or where those do not get through by asking once a second, until it is over.
 * @param {import('./request.mjs').Server} server
 * @param {string} importId
 * @param {import('./progress.mjs').Progress} progress
 * @param {(state: string) => boolean} isOver
 * @param {number} [patienceMs] so long nothing may move before it is answered as it stands
 * @returns {Promise<Answered>} the documented answer, or a refusal
 * @throws {BrokenConnection} when the server stays away
 */
export async function followImport(server, importId, progress, isOver, patienceMs = Number.POSITIVE_INFINITY) {
  const path = `api/v1/imports/${encodeURIComponent(importId)}`
  let silences = 0
  let last = ''
  let movedAt = performance.now()
  for (;;) {
    const seen = await server.ask('GET', path).catch((error) => {
      if (!(error instanceof BrokenConnection) || silences === MOST_SILENCES) throw error
      return null
    })
    if (!seen || (isPassing(seen) && silences < MOST_SILENCES)) {
      silences += 1
      await wait(pauseOf(silences, seen?.retryAfter))
      continue
    }
    silences = 0
    if (seen.httpStatus >= 400 || isOver(seen.answer?.state)) return seen
    progress.stored(seen.answer?.result?.total_records ?? 0, seen.answer?.result?.totals?.file_cost_usd)
    const text = JSON.stringify(seen.answer)
    if (text !== last) movedAt = performance.now()
    last = text
    if (performance.now() - movedAt > patienceMs) return seen
    const begunAt = performance.now()
    const isAtEnd = await server.events(`${path}/events`, (name, view) => {
      progress.stored(view.rows_read ?? 0, view.totals?.file_cost_usd)
      return name === 'end' || isOver(view.status)
    })
    if (!isAtEnd && performance.now() - begunAt < ASK_AGAIN_MS) await wait(ASK_AGAIN_MS)
  }
}
