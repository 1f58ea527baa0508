import { asc, eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Db, Tx } from '../../db/client.ts'
import { alertRuleChannels, alertRules } from '../../db/schema/alerts.ts'
import { deliveries } from '../../db/schema/channels.ts'
import { freshDb } from '../../db/testing.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { createLog } from '../log.ts'
import { INSIDE, machine, type Scope } from '../scope.ts'
import type { RuleRow } from './alert-rule.ts'
import { acknowledgeAlert, resolveAlert } from './close-alert.ts'
import { settle } from './evaluate-alerts.ts'
import type { Finding } from './kinds/kind.ts'
import { openAlerts } from './reconcile.ts'
import { createSilence } from './silences.ts'
import { storeChannel } from './testing.ts'

const GROUPS = ['a', 'b', 'c'] as const
type Group = (typeof GROUPS)[number]
const MINUTE = 60_000

type Step =
  | { is: 'look'; afterMinutes: number; found: Group[]; killedAt: number | null; clocks: 1 | 2; isStale: boolean }
  | { is: 'acknowledge' | 'resolve' | 'silence'; group: Group; minutes: number }

const look = fc.record({
  is: fc.constant('look' as const),
  afterMinutes: fc.integer({ min: 0, max: 12 }),
  found: fc.subarray([...GROUPS]),
  /** Before which statement the process dies; it comes back and looks again. */
  killedAt: fc.option(fc.integer({ min: 1, max: 14 })),
  clocks: fc.constantFrom(1 as const, 2 as const),
  /** A look that began before comes late, with everything found. */
  isStale: fc.boolean(),
})
const byHand = fc.record({
  is: fc.constantFrom('acknowledge' as const, 'resolve' as const, 'silence' as const),
  group: fc.constantFrom(...GROUPS),
  minutes: fc.integer({ min: 1, max: 20 }),
})
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ weight: 4, arbitrary: look }, { weight: 1, arbitrary: byHand }),
  {
    maxLength: 18,
  },
)

const findingOf = (groupKey: string): Finding => ({
  ...{ groupKey, teamId: null, title: `group ${groupKey}`, text: '', facts: [], href: '/' },
})

/**
 * What should be told, worked out by itself: of each group the time since which its condition holds, and what people and
 * messages have done since. Nothing of it is stored, and nothing dies.
 */
class Oracle {
  readonly said: string[] = []
  private readonly held = new Map<
    Group,
    {
      id: number
      sinceMs: number
      isFiring: boolean
      toldMs: number | null
      times: number
      of: number
      isSeen: boolean
      isClosed: boolean
    }
  >()
  private readonly silences: { group: Group; fromMs: number; untilMs: number }[] = []
  private lastId = 0
  private readonly forMs: number
  private readonly repeatMs: number

  constructor(forMinutes: number, repeatMinutes: number) {
    this.forMs = forMinutes * MINUTE
    this.repeatMs = repeatMinutes * MINUTE
  }

  look(found: readonly Group[], nowMs: number) {
    const told: Record<'fired' | 'again' | 'resolved', { id: number; times: number; of: number }[]> = {
      fired: [],
      again: [],
      resolved: [],
    }
    for (const group of found)
      if (!this.held.has(group)) {
        this.lastId += 1
        this.held.set(group, {
          id: this.lastId,
          sinceMs: nowMs,
          isFiring: false,
          toldMs: null,
          times: 0,
          of: 0,
          isSeen: false,
          isClosed: false,
        })
      }
    for (const [group, one] of [...this.held].sort(([, a], [, b]) => a.id - b.id)) {
      if (!found.includes(group)) {
        this.held.delete(group)
        if (one.toldMs !== null && !one.isClosed) told.resolved.push(one)
        continue
      }
      if (nowMs - one.sinceMs >= this.forMs) one.isFiring = true
      const isSilent = this.silences.some((s) => s.group === group && s.fromMs <= nowMs && nowMs < s.untilMs)
      if (!one.isFiring || one.isClosed || isSilent || one.isSeen) continue
      if (one.toldMs === null) told.fired.push(one)
      else if (this.repeatMs > 0 && nowMs - one.toldMs >= this.repeatMs) told.again.push(one)
      else continue
      one.toldMs = nowMs
      one.times += 1
    }
    for (const one of told.fired) one.of = told.fired[0]?.id ?? 0
    for (const say of ['fired', 'again', 'resolved'] as const) this.say(say, told[say])
  }

  acknowledge(group: Group) {
    const one = this.held.get(group)
    if (one && !one.isClosed) one.isSeen = true
  }

  resolve(group: Group) {
    const one = this.held.get(group)
    if (!one || one.isClosed) return
    one.isClosed = true
    if (one.toldMs !== null) this.say('resolved', [one])
  }

  silence(group: Group, nowMs: number, minutes: number) {
    if (this.held.get(group)?.isClosed === false)
      this.silences.push({ group, fromMs: nowMs, untilMs: nowMs + minutes * MINUTE })
  }

  /** One message of each incident. */
  private say(say: string, ones: readonly { id: number; times: number; of: number }[]) {
    for (const of of new Set(ones.map((one) => one.of))) {
      const first = ones.find((one) => one.of === of) as { id: number; times: number }
      const isPart = say === 'resolved' && [...this.held.values()].some((one) => one.of === of && !one.isClosed)
      const key = say === 'resolved' ? `alert_${first.id} resolved` : `alert_${first.id} ${say} ${first.times}`
      this.said.push(`${key} of ${isPart ? `alert_${of}.alert_${first.id}` : `alert_${of}`}`)
    }
  }
}

class Killed extends Error {}

/** A database whose transactions die before their nth statement. */
function dyingDb(db: Db, at: number): Db {
  let left = at
  const dying = (tx: Tx): Tx =>
    new Proxy(tx, {
      get: (target, name) => {
        const own = Reflect.get(target, name, target)
        if (typeof own !== 'function') return own
        if (['all', 'run', 'select', 'insert', 'update', 'delete'].includes(String(name))) {
          left -= 1
          if (left <= 0) throw new Killed()
        }
        return own.bind(target)
      },
    })
  const transaction = ((work: (tx: Tx) => Promise<unknown>, config: never) =>
    db.transaction(async (tx) => work(dying(tx)), config)) as Db['transaction']
  return new Proxy(db, {
    get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name, target)),
  })
}

async function play(all: readonly Step[], forMinutes: number, repeatMinutes: number) {
  const db = await freshDb()
  let nowMs = Date.UTC(2026, 2, 1) as EpochMs
  const scope: Scope = { db, now: () => nowMs, log: createLog('error'), actor: machine('test'), origin: INSIDE }
  const channelId = await storeChannel(scope)
  const [rule] = await db
    .insert(alertRules)
    .values({
      ...{ name: 'r', kind: 'spend', params: '{}', severity: 'warning', forMinutes, repeatMinutes, isEnabled: true },
      ...{ createdAtMs: nowMs, changedAtMs: nowMs },
    })
    .returning()
  if (!rule) throw new Error('no rule')
  await db.insert(alertRuleChannels).values({ ruleId: rule.id, channelId })
  const oracle = new Oracle(forMinutes, repeatMinutes)
  const openOf = async (group: Group) =>
    (await openAlerts(db, rule as RuleRow)).find((one) => one.groupKey === group && one.resolvedAtMs === null)
  for (const step of all) {
    if (step.is === 'look') {
      const staleMs = nowMs
      nowMs = (nowMs + step.afterMinutes * MINUTE) as EpochMs
      const found = step.found.map(findingOf)
      if (step.killedAt !== null) {
        const died = settle({ db: dyingDb(db, step.killedAt) }, rule, found, nowMs).then(
          () => false,
          (error: unknown) => {
            if (error instanceof Killed) return true
            throw error
          },
        )
        await died
      }
      for (let clock = 0; clock < step.clocks; clock += 1) await settle({ db }, rule, found, nowMs)
      if (step.isStale && staleMs < nowMs) await settle({ db }, rule, GROUPS.map(findingOf), staleMs)
      oracle.look(step.found, nowMs)
      continue
    }
    const open = await openOf(step.group)
    if (!open) continue
    if (step.is === 'acknowledge') await acknowledgeAlert(scope, { id: open.id, note: '' })
    else if (step.is === 'resolve') await resolveAlert(scope, { id: open.id, note: '' })
    else await createSilence(scope, { alertId: open.id, reason: '', minutes: step.minutes })
    if (step.is === 'silence') oracle.silence(step.group, nowMs, step.minutes)
    else oracle[step.is](step.group)
  }
  const rows = await db.select().from(deliveries).where(eq(deliveries.channelId, channelId)).orderBy(asc(deliveries.id))
  const said = rows.map(
    ({ messageKey, message }) => `${messageKey} of ${(JSON.parse(message) as { incident: string }).incident}`,
  )
  return { said, wanted: oracle.said, db }
}

test('whatever is found, whoever dies, and however many clocks fire: what is told is what should be, each once', async () => {
  let told = 0
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.constantFrom(0, 5, 10),
      fc.constantFrom(0, 5, 15),
      async (all, forMinutes, repeatMinutes) => {
        const { said, wanted, db } = await play(all, forMinutes, repeatMinutes)
        expect([...said].sort()).toEqual([...wanted].sort())
        expect(new Set(said).size).toBe(said.length)
        told += said.length
        // A message of an alert is there only with its history, and the other way round.
        const [row] = await db.all<{ fired: bigint }>(
          sql`select count(*) as fired from alert_events where event = 'repeated'`,
        )
        expect(Number(row?.fired)).toBeGreaterThanOrEqual(said.filter((one) => one.includes(' again ')).length)
        db.$client.close()
      },
    ),
    { numRuns: 120 },
  )
  expect(told).toBeGreaterThan(50) // silence would prove nothing
}, 120_000)
