import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openDb } from '../../db/client.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { createApp } from '../index.ts'
import { ADMIN_KEY, startHeliox } from '../testing.ts'
import { DetailedHealth, detailedHealth } from './detailed-health.ts'
import { tick } from './tick.ts'

type Health = {
  status: string
  timestamp: string
  checks: { name: string; status: string; is_critical: boolean; message: string | null; duration_ms: number | null }[]
}
const DETAILED = '/health/detailed'
const statuses = ({ checks }: Health) => checks.map(({ name, status }) => `${name} ${status}`)
const messageOf = ({ checks }: Health, wanted: string) => checks.find(({ name }) => name === wanted)?.message

test('every check is listed, with the overall status and the time; strangers learn the status alone', async () => {
  const heliox = await startHeliox({ now: '2026-03-01T12:00:00Z' })
  await tick(heliox.scope)
  const viewer = await heliox.as('viewer')
  const response = await viewer.fetch(DETAILED)
  expect(response.status).toBe(200)
  const known = (await response.json()) as Health
  expect(known).toMatchObject({ status: 'healthy', timestamp: '2026-03-01T12:00:00.000Z' })
  expect(known.checks.map(({ name, is_critical }) => [name, is_critical])).toEqual([
    ...[
      ['database', true],
      ['migrations', true],
      ['clock', false],
      ['ledger', false],
      ['sources', false],
      ['prices', false],
      ['backends', false],
      ['backup', false],
    ],
  ])
  for (const { message, duration_ms } of known.checks)
    expect([typeof message, typeof duration_ms]).toEqual(['string', 'number'])
  const stranger = (await (await heliox.stranger(DETAILED)).json()) as Health
  expect(statuses(stranger)).toEqual(statuses(known))
  expect(stranger.checks.every(({ message, duration_ms }) => message === null && duration_ms === null)).toBe(true)
  const wrong = (await (await heliox.stranger(DETAILED, { headers: { 'x-api-key': 'nope' } })).json()) as Health
  expect(wrong).toEqual(stranger)
  expect(DetailedHealth.strict().parse(await detailedHealth(heliox.scope, true)).checks).toHaveLength(8)
})

test('a clock that stands still for more than 15 minutes is degraded, and healthy again after its next round', async () => {
  const heliox = await startHeliox({ now: '2026-03-01T12:00:00Z' })
  const health = () => heliox.json<Health>(DETAILED)
  expect(statuses(await health())).toContain('clock healthy') // nobody is here yet, so nothing is late
  await heliox.as('viewer')
  heliox.moveTo('2026-03-01T12:15:59Z')
  expect((await health()).status).toBe('healthy') // 15 minutes after the first account
  heliox.moveTo('2026-03-01T12:16:00Z')
  expect(await health()).toMatchObject({ status: 'degraded' })
  expect((await heliox.fetch(DETAILED)).status).toBe(200)
  await tick(heliox.scope)
  expect((await health()).status).toBe('healthy')
  heliox.moveTo('2026-03-01T13:00:00Z')
  const late = await health()
  expect(statuses(late)).toEqual([
    'database healthy',
    'migrations healthy',
    'clock degraded',
    'ledger healthy',
    'sources healthy',
    'prices healthy',
    'backends healthy',
    'backup healthy',
  ])
  expect(messageOf(late, 'clock')).toBe('The clock has not finished a round for 44 minutes')
})

test('pool-days that nobody shares out are degraded, with how many wait', async () => {
  const heliox = await startHeliox({ now: '2026-03-01T12:00:00Z' })
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-02-01,aws,h100,10\n2026-02-02,aws,h100,10\n')
  await tick(heliox.scope)
  heliox.moveTo('2026-03-01T12:10:00Z')
  await heliox.db.run(sql`update pool_days set is_stale = 1 where day = '2026-02-01'`)
  const health = () => heliox.json<Health>(DETAILED)
  expect((await health()).status).toBe('healthy') // it has not waited for long
  heliox.moveTo('2026-03-01T12:20:00Z')
  await heliox.db.run(sql`update clock_runs set finished_at_ms = ${BigInt(heliox.now())} where task = 'tick'`)
  const waiting = await health()
  expect(statuses(waiting)).toEqual([
    'database healthy',
    'migrations healthy',
    'clock healthy',
    'ledger degraded',
    'sources healthy',
    'prices healthy',
    'backends healthy',
    'backup healthy',
  ])
  expect(messageOf(waiting, 'ledger')).toBe('1 pool-day waits to be shared out; that was last done 20 minutes ago')
  await tick(heliox.scope)
  expect((await health()).status).toBe('healthy')
})

test('a database without a migration is 503 and says how many are missing; one that is newer is fine', async () => {
  const heliox = await startHeliox()
  await heliox.db.run(
    sql`insert into __drizzle_migrations (hash, created_at) values ('of the next version', 9999999999999)`,
  )
  expect((await heliox.json<Health>(DETAILED)).status).toBe('healthy')
  await heliox.db.run(sql`delete from __drizzle_migrations where created_at = (
    select max(created_at) from __drizzle_migrations where created_at < 9999999999999)`)
  const response = await heliox.fetch(DETAILED)
  expect(response.status).toBe(503)
  const health = (await response.json()) as Health
  expect([health.status, ...statuses(health)]).toEqual([
    ...['unhealthy', 'database healthy', 'migrations unhealthy', 'clock healthy', 'ledger healthy', 'sources healthy'],
    'prices healthy',
    'backends healthy',
    'backup healthy',
  ])
  expect(messageOf(health, 'migrations')).toMatch(/^The database lacks 1 of \d+ migrations: apply them$/)
})

test('an optional check that cannot be made is degraded without the database’s words', async () => {
  const heliox = await startHeliox()
  await heliox.db.run(sql`drop table clock_runs`)
  const response = await heliox.fetch(DETAILED)
  expect(response.status).toBe(200)
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({ status: 'degraded' })
  expect(messageOf(JSON.parse(text) as Health, 'clock')).toBe('Could not be checked: see the log')
  expect(text).not.toMatch(/clock_runs|SQLITE|no such/)
})

/** A port on which nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}

test('a wrong database address is 503 on both probes, for the admin key as for strangers, and shows no secret', async () => {
  const bindings = {
    ...{ ENV: 'development', LOG_LEVEL: 'error', SECRET_KEY: 'a-secret-key-of-this-test-0123456789' },
    ...{
      ADMIN_API_KEY: ADMIN_KEY,
      DATABASE_URL: `http://127.0.0.1:${await closedPort()}/hidden-path`,
      DATABASE_AUTH_TOKEN: 'hidden-token',
    },
  }
  const app = createApp({ bindings, openDb, now: () => Date.now() as EpochMs })
  for (const path of ['/health/db', DETAILED])
    for (const headers of [
      {},
      { 'x-api-key': ADMIN_KEY },
      { cookie: 'heliox_session=x' },
      { authorization: 'Bearer x' },
    ]) {
      const response = await app.fetch(new Request(`http://localhost${path}`, { headers: headers as HeadersInit }))
      const text = await response.text()
      expect([path, headers, response.status]).toEqual([path, headers, 503])
      expect(text).not.toMatch(/hidden|127\.0\.0\.1|ECONN|fetch|secret|select/i)
    }
  const health = (await (await app.fetch(new Request(`http://localhost${DETAILED}`))).json()) as Health
  expect(health.status).toBe('unhealthy')
  expect(statuses(health)).toEqual([
    ...['database unhealthy', 'migrations unhealthy', 'clock degraded', 'ledger degraded', 'sources degraded'],
    'prices degraded',
    'backends degraded',
    'backup degraded',
  ])
})
