// @ts-check
import { setTimeout as wait } from 'node:timers/promises'
import { Server } from './request.mjs'

const MOST_TRIES = 25
const TRY_AGAIN_MS = 200

/**
 * Gives up what is being sent: the upload is thrown away, the import cancelled. What the server has whole goes on.
 * @param {Server} server
 * @param {import('./import-file.mjs').Sending} sending
 * @returns {Promise<string>} what became of it, for people
 */
export async function giveUp(server, { importId, way, progress }) {
  server.hangUp()
  progress?.end()
  if (importId === '' || way === 'none') return 'given up'
  if (way === 'read') return `the server has the whole file and goes on without you: ${importId}`
  const own = new Server(server.url, server.key)
  const id = encodeURIComponent(importId)
  if (way === 'parts') {
    const thrown = await own.ask('DELETE', `api/v1/uploads/${id}`).catch(() => null)
    if (thrown && thrown.httpStatus < 300) return `given up, ${importId} is cancelled`
  }
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    // One that is being read is asked to stop, and stops when it sees that nothing more comes.
    const asked = await own.ask('POST', `api/v1/imports/${id}/cancel`).catch(() => null)
    if (asked?.answer?.state === 'cancelled') return `given up, ${importId} is cancelled`
    if (asked && asked.httpStatus >= 400) return `${importId}: ${asked.answer?.error?.message ?? 'not cancelled'}`
    await wait(TRY_AGAIN_MS)
  }
  return `${importId} is asked to stop`
}
