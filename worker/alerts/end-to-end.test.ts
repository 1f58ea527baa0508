import { createHmac } from 'node:crypto'
import { createClient } from '@libsql/client'
import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { type Db, onClient } from '../../db/client.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import type { ChannelScope } from '../channels/channel.ts'
import { claimDue } from '../deliveries/claim.ts'
import { deliver } from '../deliveries/deliver.ts'
import { type Received, startReceiver, startWithDeliveries } from '../deliveries/testing.ts'
import { settingsOf } from '../env.ts'
import { ADMIN_KEY } from '../testing.ts'
import { evaluateAlerts } from './evaluate-alerts.ts'
import type { AlertScope } from './kinds/kind.ts'
import { withoutFirstRules } from './testing.ts'

const SECRET_KEY = 'a-secret-key-of-this-test-0123456789'
const START = '2026-03-05T08:00:00Z'
const MINUTE_MS = 60_000
const REPEAT_MS = 60 * MINUTE_MS

/** What a receiver takes note of: what it answered with 200, each delivery once. */
type Taken = { delivery: string; kind: string; incident: string; at: string }

/**
 * A company with a rule of its burn rate that tells a webhook, and a clock: every minute a round and what is due. March has
 * 31 days, so that a budget of $3,100 lasts with $100 a day.
 */
async function world(reply: (n: number) => { status: number }) {
  const heliox = await startWithDeliveries({}, START)
  const receiver = await startReceiver((n) => reply(n))
  const { id, signing_key: key } = await heliox.channel({
    name: 'ops',
    kind: 'webhook',
    secrets: { url: receiver.url },
  })
  const rule = await heliox.write('POST', '/api/v1/alerts/rules', {
    ...{
      name: 'Burn',
      kind: 'burn_rate',
      severity: 'critical',
      for_minutes: 10,
      repeat_minutes: REPEAT_MS / MINUTE_MS,
    },
    params: { budget_usd: '3100', slow_factor: 1.2, fast_factor: 1.5, fast_days: 2 },
    channel_ids: [id],
  })
  expect(rule.status).toBe(201)
  const [at] = await heliox.db.all<{ file: string }>(sql`select file from pragma_database_list where name = 'main'`)
  const isolate = () => newIsolate(at?.file ?? '', heliox.clock)
  let running = isolate()
  return {
    ...heliox,
    received: receiver.received,
    key: key ?? '',
    isolate,
    /** The one that works now; `restart` leaves all that it held in memory behind. */
    running: () => running,
    restart: () => {
      running = isolate()
    },
    bill: (...usd: number[]) => {
      const rows = usd.map((cost, n) => `${addDays('2026-03-01' as Day, n)},aws,h100,${cost}`)
      return heliox.send('cost-csv', `date,provider,gpu_type,cost_usd\n${rows.join('\n')}\n`)
    },
    /** Every minute up to that instant, as the cron of a deployment. */
    runTo: async (until: string, each?: () => unknown) => {
      for (let ms = heliox.now() + MINUTE_MS; ms <= Date.parse(until); ms += MINUTE_MS) {
        heliox.moveTo(new Date(ms).toISOString())
        await each?.()
        expect(await evaluateAlerts(running)).not.toBeNull()
        await deliver(running, () => 1)
      }
    },
    taken: (): Taken[] =>
      receiver.received
        .filter((_, n) => reply(n + 1).status === 200)
        .map(({ headers, body }) => {
          const { kind, incident, at: saidAt } = JSON.parse(body)
          return { delivery: String(headers['x-heliox-delivery']), kind, incident, at: saidAt }
        }),
  }
}

/** Objects of a process that has just begun, around the same database file: a client of its own, and nothing remembered. */
function newIsolate(file: string, clock: ChannelScope): AlertScope {
  const client = createClient({ url: `file:${file}`, intMode: 'bigint' })
  onTestFinished(() => client.close())
  const own = { ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1', ADMIN_API_KEY: ADMIN_KEY, SECRET_KEY }
  return { ...clock, db: onClient(client), settings: settingsOf(own), meter: null }
}

/** The same database, whose process ends before a statement, also one within a transaction: nothing comes after. */
function dyingAfter(db: Db, steps: number): { db: Db; hasDied: () => boolean } {
  let left = steps
  const guarded = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const value = Reflect.get(of, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          left -= 1
          if (left < 0) throw new Error('the process is gone')
          const [work, ...more] = args
          return name === 'transaction' && typeof work === 'function'
            ? value.call(of, (tx: object) => work(guarded(tx)), ...more)
            : value.apply(of, args)
        }
      },
    })
  return { db: guarded(db), hasDied: () => left < 0 }
}

function isSigned({ headers, body }: Received, key: string): boolean {
  const own = createHmac('sha256', key).update(`${headers['x-heliox-timestamp']}.${body}`).digest('hex')
  return headers['x-heliox-signature'] === `sha256=${own}`
}

const kinds = (taken: readonly Taken[]) => taken.map(({ kind }) => kind)

test('a burn rate is told once though its receiver fails twice, again after its interval, and resolves, all signed', async () => {
  const heliox = await world((n) => ({ status: n <= 2 ? 503 : 200 }))
  await withoutFirstRules(heliox)
  await heliox.bill(100, 100, 100, 100) // the pace at which the budget lasts
  await heliox.runTo('2026-03-05T08:10:00Z')
  expect(heliox.received).toEqual([])
  await heliox.bill(100, 100, 200, 200) // 1.5 times the pace so far, 2.0 times in the last two days
  await heliox.runTo('2026-03-05T08:20:00Z') // found, and not for ten minutes yet
  expect(heliox.received).toEqual([])
  await heliox.runTo('2026-03-05T08:50:00Z')
  expect(heliox.received.map(({ headers }) => headers['x-heliox-delivery'])).toEqual(Array(3).fill('dlv_1'))
  expect(heliox.taken()).toMatchObject([{ delivery: 'dlv_1', kind: 'fired', incident: 'alert_1' }])
  await heliox.runTo('2026-03-05T10:00:00Z')
  const told = heliox.taken()
  expect(kinds(told)).toEqual(['fired', 'again'])
  expect(Date.parse(told[1]?.at ?? '') - Date.parse(told[0]?.at ?? '')).toBe(REPEAT_MS)
  await heliox.bill(100, 100, 100, 100) // the bill was corrected
  await heliox.runTo('2026-03-05T11:30:00Z')
  expect(kinds(heliox.taken())).toEqual(['fired', 'again', 'resolved'])
  expect(heliox.received).toHaveLength(5)
  expect(new Set(heliox.taken().map(({ incident }) => incident))).toEqual(new Set(['alert_1']))
  expect(new Set(heliox.taken().map(({ delivery }) => delivery)).size).toBe(3)
  expect(heliox.received.every((one) => isSigned(one, heliox.key))).toBe(true)
  expect(heliox.received.some((one) => isSigned(one, `${heliox.key}x`))).toBe(false)
  const { events } = await heliox.json<{ events: { event: string }[] }>('/api/v1/alerts/alert_1')
  expect(events.map(({ event }) => event)).toEqual(['pending', 'fired', 'repeated', 'resolved'])
})

test('a new process every minute tells nothing twice', async () => {
  const heliox = await world((n) => ({ status: n <= 2 ? 503 : 200 }))
  await heliox.bill(100, 100, 200, 200)
  await heliox.runTo('2026-03-05T09:30:00Z', heliox.restart)
  expect(kinds(heliox.taken())).toEqual(['fired', 'again'])
  await heliox.bill(100, 100, 100, 100)
  await heliox.runTo('2026-03-05T09:45:00Z', heliox.restart)
  expect(kinds(heliox.taken())).toEqual(['fired', 'again', 'resolved'])
  expect(heliox.received).toHaveLength(5)
})

test('of two processes whose clocks fire at once one tells', async () => {
  const heliox = await world(() => ({ status: 200 }))
  // One client, as a server of libSQL has one writer: two of a file in one process would wait for each other forever.
  const two = [heliox.running(), heliox.running()].map((scope) => ({ ...scope, db: heliox.db }))
  await heliox.bill(100, 100, 200, 200)
  for (let minute = 5; minute <= 90; minute += 5) {
    heliox.moveTo(new Date(Date.parse(START) + minute * MINUTE_MS).toISOString())
    await Promise.all(two.map((scope) => evaluateAlerts(scope)))
    await Promise.all(two.map((scope) => deliver(scope, () => 1)))
  }
  expect(kinds(heliox.taken())).toEqual(['fired', 'again'])
  expect(heliox.received).toHaveLength(2)
})

test('a process that dies anywhere in a round tells nothing twice, and what it had to tell is told after it', async () => {
  const heliox = await world(() => ({ status: 200 }))
  await heliox.bill(100, 100, 200, 200)
  await heliox.runTo('2026-03-05T08:02:00Z') // pending
  let deaths = 0
  for (let steps = 1; steps <= 40; steps += 1) {
    // Later than the lease of the one that died, and than rules wait for their next look.
    heliox.moveTo(new Date(heliox.now() + 11 * MINUTE_MS).toISOString())
    const running = heliox.running()
    const dying = dyingAfter(running.db, steps)
    await evaluateAlerts({ ...running, db: dying.db, log: QUIET })
    if (dying.hasDied()) deaths += 1
    heliox.restart()
  }
  expect(deaths).toBeGreaterThan(20)
  heliox.moveTo(new Date(heliox.now() + 11 * MINUTE_MS).toISOString())
  await heliox.runTo(new Date(heliox.now() + 12 * MINUTE_MS).toISOString())
  const taken = heliox.taken()
  expect(kinds(taken).filter((kind) => kind === 'fired')).toHaveLength(1)
  const at = taken.map((one) => Date.parse(one.at))
  expect(at.length).toBeGreaterThan(3)
  at.slice(1).forEach((later, n) => {
    expect(later - (at[n] ?? 0)).toBeGreaterThanOrEqual(REPEAT_MS)
  })
  expect(new Set(taken.map(({ delivery }) => delivery)).size).toBe(taken.length)
})

test('a process that dies with messages in its hands leaves them to the next, which sends each once', async () => {
  const heliox = await world(() => ({ status: 200 }))
  await heliox.bill(100, 100, 200, 200)
  for (const at of ['2026-03-05T08:05:00Z', '2026-03-05T08:20:00Z']) {
    heliox.moveTo(at)
    await evaluateAlerts(heliox.running())
  }
  expect(await claimDue(heliox.running(), 5)).toHaveLength(1)
  heliox.restart() // it was claimed, and its process is gone
  await heliox.runTo('2026-03-05T08:21:00Z')
  expect(heliox.received).toEqual([])
  await heliox.runTo('2026-03-05T08:30:00Z')
  expect(kinds(heliox.taken())).toEqual(['fired'])
})

/** What a dying process says is heard by nobody. */
const QUIET: AlertScope['log'] = { isDebug: false, debug() {}, info() {}, warn() {}, error() {} }
