import { eq } from 'drizzle-orm'
import { backends } from '../../db/schema/backends.ts'
import { rootCause } from '../errors.ts'
import { knownBackend } from '../gateway/known-backend.ts'
import { type Probed, probe } from '../gateway/probe.ts'
import type { BackendRow, BackendScope } from './backend.ts'
import { noteHealth } from './note-health.ts'

const LONGEST_MS = 5_000
/** A Worker waits for so many answers at the same time; more would wait for their turn while their time runs. */
const AT_ONCE = 6

/**
 * Asks every enabled backend how it is, and keeps the answers. By the clock: what goes wrong with one is in the log, and
 * stops neither the others nor the clock.
 */
export async function probeBackends(scope: BackendScope): Promise<void> {
  try {
    const rows = await scope.db.select().from(backends).where(eq(backends.isEnabled, true))
    for (let at = 0; at < rows.length; at += AT_ONCE)
      await Promise.all(rows.slice(at, at + AT_ONCE).map((row) => probeOne(scope, row)))
  } catch (error) {
    scope.log.error('backends could not be probed', { error: String(rootCause(error)) })
  }
}

async function probeOne(scope: BackendScope, row: BackendRow): Promise<void> {
  try {
    const seen = await probeRow(scope, row, LONGEST_MS)
    if (!seen.isWell) scope.log.warn('a backend is not well', { backend: row.name, message: seen.message })
    await noteHealth(scope, row.id, seen)
  } catch (error) {
    scope.log.error('a backend could not be probed', { backend: row.name, error: String(rootCause(error)) })
  }
}

/** What a probe of a stored backend says. */
export async function probeRow({ settings }: Pick<BackendScope, 'settings'>, row: BackendRow, longestMs: number) {
  const known = await knownBackend(settings, row)
  const message = 'It is not asked: its key cannot be read any more, or its address is not allowed. Edit it'
  const unasked: Probed = { isWell: false, hasList: false, message, durationMs: 0, models: [] }
  return known ? probe(known, longestMs) : unasked
}
