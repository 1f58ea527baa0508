// @ts-check
import { setTimeout as wait } from 'node:timers/promises'
import { followImport } from './follow-import.mjs'
import { BrokenConnection } from './request.mjs'
import { Unreadable } from './source.mjs'
import { isPassing, pauseOf } from './try-again.mjs'

/** @typedef {import('./request.mjs').Answered} Answered */
/**
 * @typedef {{
 *   open: () => AsyncIterable<Buffer>, byteLength: number | null, isGzip: boolean, isRepeatable: boolean
 * }} Content `byteLength`: before packing, null: not known; `isGzip`: it is to be packed; `isRepeatable`: it can be opened again
 */
/**
 * @typedef {{ path: string, importId: string | null, announceAgain: (() => Promise<string | null>) | null }} Target `importId`:
 * null where it was not announced, so that a broken connection is the end; `announceAgain`: of a dry run, which a broken connection ends
 */

const MOST_AGAIN = 3
/** Nothing of a file whose sender is gone moves any more; a server that does not notice is not waited for. */
const PATIENCE_MS = 120_000

const AT_WORK = new Set(['reading', 'storing'])
const WAITING = new Set(['queued', 'interrupted'])

/**
 * Sends a file in one request. When the connection breaks, and the import was announced, the server is asked what it has:
 * it may have all, or it goes on where it stood with the same file from its start.
 * @param {import('./request.mjs').Server} server
 * @param {Target} target
 * @param {Content} content
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<Answered>}
 * @throws {BrokenConnection}
 */
export async function sendWhole(server, { path, importId, announceAgain }, content, progress) {
  const { byteLength, isGzip, isRepeatable } = content
  let id = importId
  for (let again = 0; ; again += 1) {
    progress.begin(byteLength)
    const how = {
      ...{ byteLength, isGzip },
      onSent: (/** @type {number} */ bytes) => progress.sent(bytes),
      onAllSent: () => progress.allSent(),
    }
    /** @type {Answered | BrokenConnection} */
    const outcome = await server
      .send('POST', id === null ? path : `api/v1/imports?resume=${encodeURIComponent(id)}`, content.open(), how)
      .catch((error) => {
        if (error instanceof BrokenConnection && !(error.cause instanceof Unreadable)) return error
        throw error
      })
    const isBroken = outcome instanceof BrokenConnection
    const isOthers = !isBroken && again > 0 && outcome.answer?.error?.code === 'ingest.not_resumable'
    if (!isBroken && !isOthers && !isPassing(outcome)) return outcome
    if (id === null) return given(outcome)
    await wait(pauseOf(again === MOST_AGAIN ? 1 : again + 1, isBroken ? '' : outcome.retryAfter))
    const seen = await followImport(server, id, progress, (state) => !AT_WORK.has(state), PATIENCE_MS)
    if (seen.httpStatus >= 400) return given(outcome)
    const { state } = seen.answer ?? {}
    const mayAgain = isRepeatable && again < MOST_AGAIN
    if (state === 'failed' && announceAgain && isBroken && mayAgain) id = await announceAgain()
    else if (!AT_WORK.has(state) && !WAITING.has(state)) return seen
    else if (AT_WORK.has(state) || !mayAgain) return given(outcome)
  }
}

/** @param {Answered | BrokenConnection} outcome */
function given(outcome) {
  if (outcome instanceof BrokenConnection) throw outcome
  return outcome
}
