// @ts-check
import { setTimeout as wait } from 'node:timers/promises'
import { BrokenConnection } from './request.mjs'

/** @typedef {import('./request.mjs').Answered} Answered */

const MOST_TRIES = 5
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/**
 * Asks until there is an answer that will not be another one in a moment, a few times and ever more slowly.
 * @param {() => Promise<Answered>} asking
 * @param {(error: BrokenConnection) => boolean} isWorthIt
 * @returns {Promise<Answered>} the last answer
 * @throws {BrokenConnection} the last time too
 */
export async function tryAgain(asking, isWorthIt = () => true) {
  for (let tries = 1; ; tries += 1) {
    const isLast = tries === MOST_TRIES
    const answered = await asking().catch((error) => {
      if (isLast || !(error instanceof BrokenConnection) || !isWorthIt(error)) throw error
      return null
    })
    if (answered && (isLast || !isPassing(answered))) return answered
    await wait(pauseOf(tries, answered?.retryAfter))
  }
}

/**
 * Whether the same question may be answered otherwise in a moment.
 * @param {Answered} answered
 */
export function isPassing({ httpStatus, answer }) {
  return httpStatus === 429 || (httpStatus >= 500 && answer?.error?.code !== 'uploads.not_set_up')
}

/**
 * @param {number} tries so far
 * @param {string} [retryAfter] seconds, as the server says
 */
export function pauseOf(tries, retryAfter = '') {
  const asked = Number(retryAfter) * 1000 || 0
  return Math.min(LONGEST_PAUSE_MS, Math.max(asked, FIRST_PAUSE_MS * 2 ** (tries - 1)))
}
