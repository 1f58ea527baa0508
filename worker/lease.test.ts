import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { freshDb } from '../db/testing.ts'
import type { EpochMs } from '../db/units/time.ts'
import { withLease } from './lease.ts'

it('of two who fire at once, one works', async () => {
  const db = await freshDb()
  let working = 0
  let most = 0
  const work = async () => {
    working += 1
    most = Math.max(most, working)
    await db.all(sql`select 1`)
    working -= 1
    return true
  }
  const scope = { db, now: () => 1_000 as EpochMs }
  const ran = await Promise.all(Array.from({ length: 5 }, () => withLease(scope, 'round', 60_000, work)))
  expect(ran.filter(Boolean).length).toBeGreaterThan(0)
  expect(most).toBe(1)
})

it('what died with a lease is waited for until the lease has run out, and one that ended is free at once', async () => {
  const db = await freshDb()
  const at = (ms: number) => ({ db, now: () => ms as EpochMs })
  let end: () => void = () => undefined
  const dead = withLease(at(1_000), 'dead', 500, () => new Promise<void>((resolve) => (end = resolve)))
  expect(await withLease(at(1_400), 'dead', 500, async () => 'early')).toBeNull()
  expect(await withLease(at(1_500), 'dead', 500, async () => 'late')).toBe('late')
  expect(await withLease(at(1_501), 'dead', 500, async () => 'free')).toBe('free')
  end()
  await dead
})
