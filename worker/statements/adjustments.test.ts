import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TeamId } from '../../db/units/ids.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { restate, sum } from './testing.ts'

const MONTHS = ['2026-01', '2026-02', '2026-03']
const TEAMS = 3
const pool = fc.constantFrom('aws h100', 'aws a100', 'gcp l4')
const day = fc
  .tuple(fc.constantFrom(...MONTHS), fc.constantFrom('04', '17', '28'))
  .map(([month, of]) => `${month}-${of}`)
const team = fc.integer({ min: 0, max: TEAMS - 1 })
const amount = fc.oneof(fc.bigInt(1n, 40n), fc.bigInt(1n, 9_000_000_000_000n))
const decision = fc.oneof(
  fc.constant({ method: 'none' as const }),
  fc.record({
    method: fc.constantFrom('even' as const, 'proportional' as const),
    teams: fc.option(fc.uniqueArray(team, { minLength: 1 })),
  }),
  fc.record({
    method: fc.constant('weighted' as const),
    weights: fc.array(fc.integer({ min: 0, max: 7 }), { minLength: TEAMS, maxLength: TEAMS }),
  }),
)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('bill' as const), day, pool, amount }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('job' as const),
      day,
      pool,
      team,
      minutes: fc.integer({ min: 1, max: 3000 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('close' as const), month: fc.constantFrom(...MONTHS) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('split' as const), decision }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('undo' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('remove' as const), team }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('rename' as const), team }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Half of the companies have closed January before anything else happens. */
const CLOSED_JANUARY: Step[] = [
  { what: 'job', day: '2026-01-04', pool: 'aws h100', team: 0, minutes: 300 },
  { what: 'bill', day: '2026-01-04', pool: 'aws h100', amount: 7_000_000_001n },
  { what: 'close', month: '2026-01' },
]

test('closed months never change, and with the month that adjusts them they sum to the bill, after every step', async () => {
  let closedMonths = 0
  let adjusted = 0
  const estates = fc.asyncProperty(
    fc.boolean(),
    fc.array(step, { minLength: 5, maxLength: 14 }),
    async (isClosed, more) => {
      const steps = isClosed ? [...CLOSED_JANUARY, ...more] : more
      const heliox = await startHeliox({ now: '2026-04-20T12:00:00Z' })
      const texts = new Map<string, string>()
      const imports: string[] = []
      for (const [index, one] of steps.entries()) {
        await take(heliox, one, index, imports)
        const seen = await requireSums(heliox, texts)
        adjusted += seen.adjusted
      }
      closedMonths += texts.size
    },
  )
  await fc.assert(estates, { numRuns: 40, seed: 20261121 })
  expect([closedMonths > 10, adjusted > 10]).toEqual([true, true]) // the sums above are not all of nothing
}, 240_000)

test('a team that only an adjustment charged keeps its name after it is gone', async () => {
  const steps: Step[] = [
    ...CLOSED_JANUARY,
    { what: 'bill', day: '2026-03-04', pool: 'aws h100', amount: 1n },
    { what: 'job', day: '2026-01-04', pool: 'aws h100', team: 2, minutes: 1 },
    { what: 'close', month: '2026-03' },
    { what: 'remove', team: 2 },
    { what: 'job', day: '2026-01-04', pool: 'aws h100', team: 0, minutes: 1 },
  ]
  const heliox = await startHeliox({ now: '2026-04-20T12:00:00Z' })
  const texts = new Map<string, string>()
  for (const [index, one] of steps.entries()) await take(heliox, one, index, [])
  await requireSums(heliox, texts)
  const { lines } = await heliox.trpc.statements.get.query({ month: '2026-04' })
  expect(lines.map(({ teamName, kind }) => [teamName, kind])).toContainEqual(['team-2', 'adjustment'])
})

async function take(heliox: TestHeliox, one: Step, index: number, imports: string[]): Promise<void> {
  const { trpc } = heliox
  const idOf = async (name: number) => {
    const { teams } = await trpc.teams.list.query({})
    return teams.find((known) => known.name.startsWith(`team-${name}`))?.id
  }
  if (one.what === 'bill') {
    const text = `${one.amount / 1_000_000_000n}.${String(one.amount % 1_000_000_000n).padStart(9, '0')}`
    imports.push((await restate(heliox, one.day, one.pool, text)).import_id)
  } else if (one.what === 'job') {
    const [provider, gpuType] = one.pool.split(' ')
    const start = Date.parse(`${one.day}T09:00:00Z`)
    const end = new Date(start + one.minutes * 60_000).toISOString()
    const row = [
      `job-${index}`,
      `team-${one.team}`,
      'm',
      provider,
      gpuType,
      new Date(start).toISOString(),
      end,
      'completed',
    ]
    const header = 'job_id,team_name,model_name,provider,gpu_type,start_time,end_time,status'
    imports.push((await heliox.send('jobs-csv', `${header}\n${row.join(',')}\n`)).import_id)
  } else if (one.what === 'close') {
    await heliox.write('POST', `/api/v1/statements/${one.month}/close`)
  } else if (one.what === 'split') {
    const ids = await Promise.all(Array.from({ length: TEAMS }, (_, name) => idOf(name)))
    const known = (name: number) => ids[name] ?? (`team_${50 + name}` as TeamId)
    const { method } = one.decision
    const teams = 'teams' in one.decision ? (one.decision.teams?.map(known) ?? null) : null
    const weights =
      'weights' in one.decision
        ? one.decision.weights.map((weight, name) => ({ teamId: known(name), weight: `${weight}.5` }))
        : null
    await trpc.settings.update.mutate({ sharedCostSplit: { method, teams, weights } })
  } else if (one.what === 'undo') {
    const [id] = imports.splice(one.which % Math.max(1, imports.length), 1)
    if (id) await heliox.fetch(`/api/v1/imports/${id}`, { method: 'DELETE' })
  } else {
    const id = await idOf(one.team)
    if (id && one.what === 'remove') await trpc.teams.remove.mutate({ id })
    else if (id) await trpc.teams.update.mutate({ id, name: `team-${one.team} ${index}` })
  }
}

async function requireSums(heliox: TestHeliox, texts: Map<string, string>): Promise<{ adjusted: number }> {
  const { trpc } = heliox
  const { months } = await trpc.statements.list.query({})
  const closed = months.filter(({ state }) => state === 'closed').map(({ month }) => month)
  const last = closed.toSorted().at(-1)
  const adjusting =
    last &&
    (months
      .map(({ month }) => month)
      .toSorted()
      .find((month) => month > last) ??
      '2026-04')
  let stated = 0n
  let adjusted = 0
  for (const listed of months) {
    const text = await (await heliox.fetch(`/api/v1/statements/${listed.month}`)).text()
    if (listed.state === 'closed') {
      expect(text).toBe(texts.get(listed.month) ?? text)
      texts.set(listed.month, text)
    }
    const { check, teams, company, lines } = await trpc.statements.get.query({ month: listed.month })
    expect(check?.differenceUsd).toBe('0.00')
    const total = sum(lines.map(({ amountUsd }) => amountUsd))
    expect(total).toBe(nano(check?.billUsd ?? '') + nano(check?.adjustmentsUsd ?? ''))
    expect(total).toBe(sum([...teams.map(({ totalUsd }) => totalUsd), company?.totalUsd ?? '']))
    expect(nano(listed.totalUsd)).toBe(total)
    if (listed.state === 'closed' || listed.month === adjusting) stated += total
    if (listed.month !== adjusting && listed.state === 'open') expect(check?.adjustmentsUsd).toBe('0.00')
    adjusted += lines.filter(({ kind }) => kind === 'adjustment').length
    for (const { teamId, teamName, totalUsd } of teams) {
      const own = lines.filter((line) => line.teamId === teamId)
      expect([sum(own.map(({ amountUsd }) => amountUsd)), teamName]).toEqual([
        nano(totalUsd),
        expect.stringMatching(/^team-/),
      ])
    }
  }
  const settledMonths = [...closed, ...(adjusting ? [adjusting] : [])]
  let billed = 0n
  for (const month of settledMonths) {
    const bill = await trpc.analytics.reconciliation.query({ start: `${month}-01`, end: `${month}-28` })
    billed += nano(bill.billedCostUsd ?? '')
  }
  expect(stated).toBe(billed)
  return { adjusted }
}
