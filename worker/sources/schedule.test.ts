import { expect, test } from 'vitest'
import type { EpochMs } from '../../db/units/time.ts'
import { lastDue } from './schedule.ts'
import { COSTS, sourceIn, startServer, startWithClock } from './testing.ts'

type Run = { status: string; due_at: string; actor: string; attempts: number; file_count: number; message: string }

/** Sources on a server that answers what the test says, and counts. */
async function startSources(count = 1, settings: Record<string, string> = {}) {
  const heliox = await startWithClock({ now: '2026-01-05T12:00:00Z', settings })
  const server = { asked: 0, answer: async () => `${COSTS}2026-01-01,aws,h100,1\n` as string | null }
  const url = await startServer((_request, response) => {
    server.asked += 1
    void server.answer().then((text) => (text === null ? response.writeHead(500).end() : response.end(text)))
  })
  const ids: string[] = []
  for (let n = 0; n < count; n += 1)
    ids.push(await sourceIn(heliox, { name: `web ${n}`, kind: 'https', config: { url: `${url}/${n}.csv` } }))
  const runs = async (id = ids[0]) => (await heliox.json<{ runs: Run[] }>(`/api/v1/sources/${id}/runs`)).runs
  const source = async () => heliox.json<{ next_due_at: string; last_run: Run | null }>(`/api/v1/sources/${ids[0]}`)
  return { ...heliox, server, ids, runs, source }
}

test('the last due instant is that hour of today, or of yesterday before it', () => {
  const at = (text: string, hour: number) => new Date(lastDue(Date.parse(text) as EpochMs, hour)).toISOString()
  expect(at('2026-01-06T02:00:00Z', 2)).toBe('2026-01-06T02:00:00.000Z')
  expect(at('2026-01-06T01:59:59Z', 2)).toBe('2026-01-05T02:00:00.000Z')
  expect(at('2026-03-01T00:00:00Z', 23)).toBe('2026-02-28T23:00:00.000Z')
})

test('a source is pulled once a day at 02:00 UTC, and two clocks that fire at once pull it once', async () => {
  const { round, moveTo, runs, server, source } = await startSources()
  expect(await round()).toBe(0) // made at noon: not due before the next night
  expect(await source()).toMatchObject({ next_due_at: '2026-01-06T02:00:00.000Z', last_run: null })
  moveTo('2026-01-06T01:55:00Z')
  expect(await round()).toBe(0)
  moveTo('2026-01-06T02:00:00Z')
  const ran = await Promise.all([round(), round(), round()])
  expect(ran.reduce((sum, n) => sum + n)).toBe(1)
  expect(await round()).toBe(0)
  expect(server.asked).toBe(1)
  expect(await runs()).toMatchObject([
    { status: 'success', due_at: '2026-01-06T02:00:00.000Z', actor: 'clock', attempts: 1 },
  ])
  expect(await source()).toMatchObject({ next_due_at: '2026-01-07T02:00:00.000Z' })
})

test('the hour is the deployment’s to choose', async () => {
  const { round, moveTo } = await startSources(1, { INGEST_CRON_HOUR_UTC: '14' })
  moveTo('2026-01-05T13:59:00Z')
  expect(await round()).toBe(0)
  moveTo('2026-01-05T14:00:00Z')
  expect(await round()).toBe(1)
})

test('a missed night is caught up at the next round, once however many were missed', async () => {
  const { round, moveTo, runs } = await startSources()
  moveTo('2026-01-09T17:30:00Z')
  expect(await round()).toBe(1)
  expect(await round()).toBe(0)
  expect((await runs()).map(({ due_at }) => due_at)).toEqual(['2026-01-09T02:00:00.000Z'])
})

test('what fails is tried again after 5, 15 and 60 minutes, then stays failed until the next night', async () => {
  const { round, moveTo, runs, server, json } = await startSources()
  const health = async () =>
    (await json<{ checks: { name: string; status: string; message: string }[] }>('/health/detailed')).checks.find(
      ({ name }) => name === 'sources',
    )
  server.answer = async () => null
  const attempts: number[] = []
  for (const minute of ['02:00', '02:04', '02:05', '02:19', '02:20', '03:19', '03:20', '04:20', '09:00', '23:00']) {
    moveTo(`2026-01-06T${minute}:00Z`)
    attempts.push(await round())
  }
  expect(attempts).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 0, 0])
  const message = expect.stringMatching(/^127\.0\.0\.1:\d+ answered 500: that server has failed$/)
  expect(await runs()).toMatchObject([{ status: 'failed', attempts: 4, message, next_attempt_at: null }])
  expect(await health()).toMatchObject({
    name: 'sources',
    status: 'degraded',
    message: '1 source failed at the last run',
  })
  server.answer = async () => `${COSTS}2026-01-01,aws,h100,1\n`
  moveTo('2026-01-07T02:00:00Z')
  expect(await round()).toBe(1)
  expect((await runs()).map(({ status }) => status)).toEqual(['success', 'failed'])
  expect(await health()).toMatchObject({ status: 'healthy', message: 'Sources are pulled' })
  moveTo('2026-01-08T05:00:00Z')
  expect(await health()).toMatchObject({ status: 'degraded', message: '1 source not pulled for more than a day' })
})

test('a run that was killed is taken over after its lease, and not before', async () => {
  const { round, moveTo, runs, server, db } = await startSources()
  moveTo('2026-01-06T02:00:00Z')
  await round()
  // As a Worker that was killed in the middle leaves it.
  await db.$client.execute(`update source_runs set status = 'running', finished_at_ms = null, message = '',
    leased_until_ms = started_at_ms + 900000`)
  moveTo('2026-01-06T02:14:00Z')
  expect(await round()).toBe(0)
  moveTo('2026-01-06T02:15:00Z')
  expect(await Promise.all([round(), round()])).toEqual(expect.arrayContaining([0, 1]))
  expect(server.asked).toBe(2)
  expect(await runs()).toMatchObject([{ status: 'success', attempts: 2 }])
})

test('a run that stood still until another took it over stores nothing more and changes nothing of the other’s', async () => {
  const { round, moveTo, runs, server, db } = await startSources()
  moveTo('2026-01-06T02:00:00Z')
  const held = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  server.answer = async () => {
    arrived.resolve()
    await held.promise
    return `${COSTS}2026-01-01,aws,h100,1\n`
  }
  const standing = round()
  await arrived.promise
  moveTo('2026-01-06T02:15:00Z')
  server.answer = async () => `${COSTS}2026-01-01,aws,h100,2\n`
  expect(await round()).toBe(1)
  held.resolve()
  await standing
  expect(await runs()).toMatchObject([{ status: 'success', attempts: 2, file_count: 1, stored_cost_usd: '2.00' }])
  const { rows } = await db.$client.execute('select count(*) as n from imports')
  expect(rows[0]?.n).toBe(1n)
})

test('what does not fit into a round is left to the next, the longest waiting first', async () => {
  const { round, moveTo, server, ids, runs } = await startSources(3)
  moveTo('2026-01-06T02:00:00Z')
  expect([await round(0), await round(0), await round(0), await round(0)]).toEqual([1, 1, 1, 0])
  expect(server.asked).toBe(3)
  expect((await Promise.all(ids.map((id) => runs(id)))).map((list) => list.length)).toEqual([1, 1, 1])
})

test('a source that is off is not pulled by the clock, but by hand; two pulls of one source do not run at once', async () => {
  const { round, moveTo, server, ids, write, runs } = await startSources()
  await write('PUT', `/api/v1/sources/${ids[0]}`, { is_enabled: false })
  moveTo('2026-01-06T02:00:00Z')
  expect(await round()).toBe(0)
  const held = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  server.answer = async () => {
    arrived.resolve()
    await held.promise
    return `${COSTS}2026-01-01,aws,h100,1\n`
  }
  const first = write('POST', `/api/v1/sources/${ids[0]}/run`)
  await arrived.promise
  const second = await write('POST', `/api/v1/sources/${ids[0]}/run`)
  expect([second.status, second.body.error.code]).toEqual([409, 'sources.running'])
  held.resolve()
  expect((await first).body).toMatchObject({ status: 'success', actor: 'admin key' })
  expect(await runs()).toHaveLength(1)
})
