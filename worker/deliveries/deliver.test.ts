import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EpochMs } from '../../db/units/time.ts'
import { claimDue, LEASE_MS } from './claim.ts'
import { nextAttempt } from './patience.ts'
import { type Received, startReceiver, startWithDeliveries } from './testing.ts'

const later = (text: string, seconds: number) => new Date(Date.parse(text) + seconds * 1000).toISOString()
const START = '2026-03-01T12:00:00Z'

/** As a receiver would, by the words of the documentation alone. */
function isSigned({ headers, body }: Received, key: string): boolean {
  const expectedText = createHmac('sha256', key).update(`${headers['x-heliox-timestamp']}.${body}`).digest('hex')
  const [given, own] = [Buffer.from(String(headers['x-heliox-signature'])), Buffer.from(`sha256=${expectedText}`)]
  return given.length === own.length && timingSafeEqual(given, own)
}

test('a receiver that fails twice first gets the message once, signed, under one delivery id', async () => {
  const heliox = await startWithDeliveries()
  const { received, url } = await startReceiver((n) => ({ status: n <= 2 ? 500 : 200 }))
  const { id, signing_key } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  expect(await heliox.tell([id], 'alert_7 fired 1')).toBe(1)
  expect(await heliox.tell([id], 'alert_7 fired 1')).toBe(0)
  expect(await heliox.deliver()).toEqual({ sent: 0, waiting: 1, dead: 0 })
  expect(await heliox.list()).toMatchObject([{ status: 'queued', attempts: 1, last_error: 'The server answered 500' }])
  expect(await heliox.deliver()).toEqual({ sent: 0, waiting: 0, dead: 0 }) // not due
  heliox.moveTo(later(START, 15))
  await heliox.deliver()
  heliox.moveTo(later(START, 60))
  expect(await heliox.deliver()).toEqual({ sent: 1, waiting: 0, dead: 0 })
  heliox.moveTo(later(START, 100_000))
  expect(await heliox.deliver()).toEqual({ sent: 0, waiting: 0, dead: 0 })
  expect(received).toHaveLength(3)
  expect(new Set(received.map(({ headers }) => headers['x-heliox-delivery']))).toEqual(new Set(['dlv_1']))
  expect(received.map((one) => isSigned(one, signing_key ?? ''))).toEqual([true, true, true])
  expect(isSigned({ ...(received[0] as Received), body: '{}' }, signing_key ?? '')).toBe(false)
  expect(JSON.parse(received[2]?.body ?? '')).toEqual({
    ...{
      id: 'dlv_1',
      kind: 'fired',
      severity: 'warning',
      title: 'Spend of vision is over $500',
      text: 'Since the 1st.',
    },
    ...{ facts: [{ name: 'Spent', value: '$512.00' }], incident: 'alert_7', url: null, at: '2026-03-01T12:00:00.000Z' },
  })
})

test.each([
  [404, 'dead', 'The server answered 404'],
  [302, 'dead', 'The server answered 302: it sends on elsewhere, which is not followed'],
  [408, 'queued', 'The server answered 408'],
  [425, 'queued', 'The server answered 425'],
  [429, 'queued', 'The server answered 429'],
  [503, 'queued', 'The server answered 503'],
])('%i means %s', async (status, becomes, words) => {
  const heliox = await startWithDeliveries()
  const { url, received } = await startReceiver(() => ({ status, headers: { location: 'http://127.0.0.1:1/' } }))
  const { id } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  await heliox.tell([id], 'one')
  await heliox.deliver()
  expect(await heliox.list()).toMatchObject([{ status: becomes, last_error: words, attempts: 1 }])
  expect(received).toHaveLength(1)
})

test('a receiver says itself when to come back, in seconds or by a date', async () => {
  const heliox = await startWithDeliveries()
  const wishes = ['120', 'Sun, 01 Mar 2026 13:00:00 GMT', 'soon']
  const { url } = await startReceiver((n) => ({ status: 429, headers: { 'retry-after': wishes[n - 1] ?? '' } }))
  const { id } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  await heliox.tell([id], 'one')
  const next = async () => {
    await heliox.deliver()
    const [one] = await heliox.list()
    return one?.next_attempt_at ?? ''
  }
  expect(await next()).toBe('2026-03-01T12:02:00.000Z')
  heliox.moveTo('2026-03-01T12:02:00Z')
  expect(await next()).toBe('2026-03-01T13:00:00.000Z')
  heliox.moveTo('2026-03-01T13:00:00Z')
  expect(await next()).toBe('2026-03-01T13:01:00.000Z') // the third wait of its own: 2 minutes, halved by chance
})

test('what nobody takes is given up with words, the critical later; a person sends it anew', async () => {
  const heliox = await startWithDeliveries()
  let isWell = false
  const { url, received } = await startReceiver(() => ({ status: isWell ? 204 : 500 }))
  const { id } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  await heliox.tell([id], 'one', { incident: 'one' })
  await heliox.tell([id], 'two', { incident: 'two', severity: 'critical' })
  const triedAt: number[] = []
  for (let minute = 0; minute <= 25 * 60; minute += 5) {
    heliox.moveTo(later(START, minute * 60))
    const { dead } = await heliox.deliver(0)
    if (dead > 0) triedAt.push(minute / 60)
  }
  expect(triedAt.map(Math.floor)).toEqual([4, 24])
  const dead = await heliox.list('?status=dead')
  expect(dead.map(({ last_error }) => last_error.replace(/\d+ att/, 'N att'))).toEqual(
    Array(2).fill('The server answered 500. Given up after N attempts'),
  )
  expect((await heliox.json<{ dead_count: number }>(`/api/v1/channels/${id}`)).dead_count).toBe(2)
  isWell = true
  const before = received.length
  const retried = await heliox.write('POST', `/api/v1/deliveries/${dead[0]?.id}/retry`)
  expect([retried.status, retried.body.status]).toEqual([200, 'queued'])
  await expect.poll(async () => (await heliox.list('?status=sent')).length).toBe(1) // beside the answer
  expect(received).toHaveLength(before + 1)
  expect((await heliox.write('POST', `/api/v1/deliveries/${dead[0]?.id}/retry`)).status).toBe(409)
})

test('an incident is told before it is resolved, however long the first waits; others are not held up', async () => {
  const heliox = await startWithDeliveries()
  const { url, received } = await startReceiver((n) => ({ status: n === 1 ? 500 : 200 }))
  const { id } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  await heliox.tell([id], 'alert_7 fired 1')
  await heliox.deliver()
  await heliox.tell([id], 'alert_7 resolved', { kind: 'resolved' })
  await heliox.tell([id], 'alert_8 fired 1', { incident: 'alert_8' })
  await heliox.deliver()
  const told = () => received.slice(1).map(({ body }) => `${JSON.parse(body).incident} ${JSON.parse(body).kind}`)
  expect(told()).toEqual(['alert_8 fired'])
  heliox.moveTo(later(START, 30))
  await heliox.deliver()
  expect(told()).toEqual(['alert_8 fired', 'alert_7 fired', 'alert_7 resolved'])
})

test('of clocks that fire at once each message is sent by one', async () => {
  const heliox = await startWithDeliveries()
  const { url, received } = await startReceiver()
  const { id } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  for (let n = 0; n < 30; n += 1) await heliox.tell([id], `message ${n}`, { incident: `${n}`, title: `${n}` })
  const done = await Promise.all(Array.from({ length: 4 }, () => heliox.deliver()))
  expect(done.reduce((sum, { sent }) => sum + sent, 0)).toBe(30)
  expect(received.map(({ body }) => Number(JSON.parse(body).title)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 30 }, (_, n) => n),
  )
})

test('what a process had claimed when it died is sent once its claim has run out, and no other twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ dies: fc.boolean(), isTold: fc.boolean() }), { minLength: 1, maxLength: 6 }),
      async (rounds) => {
        const heliox = await startWithDeliveries()
        const { url, received } = await startReceiver()
        const { id } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
        let nowMs = Date.parse(START)
        let told = 0
        for (const { dies, isTold } of rounds) {
          if (isTold) await heliox.tell([id], `${++told}`, { incident: `${told}` })
          if (dies) await claimDue(heliox.clock, 5)
          else await heliox.deliver()
          nowMs += LEASE_MS / 3
          heliox.moveTo(new Date(nowMs).toISOString())
        }
        heliox.moveTo(new Date(nowMs + LEASE_MS).toISOString())
        await heliox.deliver()
        expect(received.map(({ headers }) => headers['x-heliox-delivery']).sort()).toEqual(
          Array.from({ length: told }, (_, n) => `dlv_${n + 1}`).sort(),
        )
      },
    ),
    { numRuns: 8 },
  )
})

test('kill -9 in the middle of sending loses nothing, and repeats only what was in flight, under its own id', async () => {
  const heliox = await startWithDeliveries()
  let open = () => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  const { url, received } = await startReceiver((n) => ({ status: 200, ...(n > 7 && n <= 10 ? { hold: gate } : {}) }))
  const { id } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  for (let n = 1; n <= 14; n += 1) await heliox.tell([id], `${n}`, { incident: `${n}` })
  const [at] = await heliox.db.all<{ file: string }>(sql`select file from pragma_database_list where name = 'main'`)
  const script = fileURLToPath(new URL('./testing-process.ts', import.meta.url))
  const args = [script, at?.file ?? '', heliox.clock.settings.secretKey, String(heliox.now())]
  const child: ChildProcess = spawn(process.execPath, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await expect.poll(() => received.length, { timeout: 20_000 }).toBe(10) // five arrived, two more did, three are held
  await expect.poll(async () => (await heliox.list('?status=sent')).length).toBe(7)
  child.kill('SIGKILL')
  await ended
  open()
  await heliox.deliver() // what nobody had claimed; the three are not free yet
  heliox.moveTo(later(START, LEASE_MS / 1000 + 1))
  expect((await heliox.deliver()).sent).toBe(3)
  heliox.moveTo(later(START, LEASE_MS))
  expect(await heliox.deliver()).toEqual({ sent: 0, waiting: 0, dead: 0 })
  const times = new Map<unknown, number>()
  for (const { headers } of received) {
    const key = headers['x-heliox-delivery']
    times.set(key, (times.get(key) ?? 0) + 1)
  }
  expect([...times.values()].sort()).toEqual([...Array(11).fill(1), ...Array(3).fill(2)])
  expect((await heliox.list('?status=sent')).length).toBe(14)
})

test('a process that loses the database between the answer and the mark sends again under the same id', async () => {
  const heliox = await startWithDeliveries()
  const { url, received } = await startReceiver((n) => {
    if (n === 1)
      heliox.db.$client.execute(`create trigger no_mark before update of status on deliveries
      when new.status = 'sent' begin select raise(abort, 'the disk is gone'); end`)
    return { status: 200, hold: new Promise((resolve) => setImmediate(resolve)) }
  })
  const { id } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  await heliox.tell([id], 'one')
  expect((await heliox.deliver()).sent).toBe(0)
  await heliox.db.run(sql`drop trigger no_mark`)
  heliox.moveTo(later(START, LEASE_MS / 1000 + 1))
  expect((await heliox.deliver()).sent).toBe(1)
  expect(received.map(({ headers }) => headers['x-heliox-delivery'])).toEqual(['dlv_1', 'dlv_1'])
})

test('a stored message that cannot be read is given up with words, and holds up no other', async () => {
  const heliox = await startWithDeliveries()
  const { url, received } = await startReceiver()
  const { id } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  for (const key of ['one', 'two', 'three', 'four']) await heliox.tell([id], key, { title: key })
  await heliox.db.run(sql`update deliveries set message = '{"kind": "fi' where message_key = 'one'`)
  await heliox.db.run(sql`update deliveries set message = '{"kind": "unheard of"}' where message_key = 'two'`)
  expect(await heliox.deliver()).toEqual({ sent: 2, waiting: 0, dead: 2 })
  expect(received.map(({ body }) => JSON.parse(body).title)).toEqual(['three', 'four'])
  expect((await heliox.list('?status=dead')).map((one) => [one.title, one.last_error])).toEqual(
    Array(2).fill(['A message that cannot be read', 'What is stored of the message cannot be read']),
  )
})

test('a channel that is off is not told; what is 90 days old is forgotten, what was given up stays longer', async () => {
  const heliox = await startWithDeliveries()
  const { url, received } = await startReceiver()
  const { id, version } = await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  await heliox.tell([id], 'one', { incident: '1' })
  await heliox.deliver()
  await heliox.tell([id], 'two', { incident: '2' })
  const off = { is_enabled: false }
  expect((await heliox.write('PUT', `/api/v1/channels/${id}`, off, { 'if-match': version })).status).toBe(200)
  await heliox.deliver()
  expect(await heliox.tell([id], 'three')).toBe(0)
  expect((await heliox.list()).map(({ status, last_error }) => [status, last_error])).toEqual([
    ['dead', 'The channel is switched off'],
    ['sent', ''],
  ])
  expect(received).toHaveLength(1)
  const metrics = await (await heliox.stranger('/metrics')).text()
  expect(metrics).toContain('heliox_deliveries{kind="webhook",status="dead"} 1')
  expect(metrics).toContain('heliox_deliveries{kind="webhook",status="sent"} 1')
  heliox.moveTo(later(START, 91 * 86_400))
  await heliox.deliver()
  expect((await heliox.list()).map(({ status }) => status)).toEqual(['dead'])
})

test('waits double up to an hour, less by chance, and are tried four times however late the clock is', () => {
  const at = (attempts: number, more: object = {}, random = 0) =>
    nextAttempt(
      { kind: 'fired', severity: 'warning' },
      { attempts, createdAtMs: 0 as EpochMs, nowMs: 0 as EpochMs, notBeforeMs: null, ...more },
      () => random,
    )
  expect([1, 2, 3, 7, 8, 30].map((n) => at(n))).toEqual([30_000, 60_000, 120_000, 1_920_000, 3_600_000, 3_600_000])
  expect(at(1, {}, 1)).toBe(15_000)
  expect(at(3, { nowMs: 9e9 })).toBe(9e9 + 120_000)
  expect(at(4, { nowMs: 9e9 })).toBeNull()
  expect(at(1, { notBeforeMs: 9e12 })).toBe(86_400_000)
})
