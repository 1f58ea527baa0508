import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JOB_STATUSES } from '../../db/schema/jobs.ts'
import { nanoUsd, usdText } from '../../db/units/money.ts'
import { addDays } from '../../db/units/time.ts'
import { clear, costFile, type Estate, estate, FIRST, jobFile, NOW, window } from '../analytics/testing.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { applyOwnerRules } from './apply-rules.ts'
import { goThroughHistory } from './go-through-history.ts'

const USERS = ['ann', 'Bob', 'cy', '']
const NAMES = ['train-1', 'train-2', 'eval', '']

const line = fc.record({
  day: fc.integer({ min: 0, max: 5 }),
  pool: fc.integer({ min: 0, max: 2 }),
  account: fc.constantFrom('ml-1', 'ml-2', 'web', ''),
  region: fc.constantFrom('us', 'eu'),
  service: fc.constantFrom('EC2', 'Disks'),
  tag: fc.constantFrom('red', 'blue', ''),
  nano: fc.oneof(fc.bigInt(-40n, 40n), fc.bigInt(-5_000_000_000_000n, 9_000_000_000_000n)),
  list: fc.option(fc.bigInt(0n, 9_000_000_000_000n)),
  isGpu: fc.boolean(),
})
const team = fc.integer({ min: 0, max: 2 })
const someTeams = fc.uniqueArray(team, { minLength: 1, maxLength: 3 })
const owner = fc.oneof(
  fc.record({ kind: fc.constant('team' as const), teams: team.map((one) => [one]) }),
  fc.record({
    kind: fc.constantFrom('even' as const, 'proportional' as const),
    teams: fc.uniqueArray(team, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('weighted' as const),
    teams: someTeams,
    weights: fc.array(fc.constantFrom('1', '2.5', '0.000001', '999999', '33.333333'), { minLength: 3, maxLength: 3 }),
  }),
)
const rule = fc.record({
  priority: fc.integer({ min: 0, max: 3 }),
  what: fc.oneof(
    fc.record({ field: fc.constantFrom('account' as const), pattern: fc.constantFrom('ml-*', 'WEB', '*', '*-2') }),
    fc.record({ field: fc.constant('service' as const), pattern: fc.constantFrom('ec2', 'd*') }),
    fc.record({ field: fc.constant('region' as const), pattern: fc.constantFrom('us', 'e*') }),
    fc.record({ field: fc.constant('tag' as const), pattern: fc.constantFrom('RED', 'b*', '*') }),
    fc.record({ field: fc.constant('user' as const), pattern: fc.constantFrom('ANN', '*b*', 'c?', '*') }),
    fc.record({ field: fc.constant('job_name' as const), pattern: fc.constantFrom('train-*', 'eval', '*') }),
  ),
  owner,
})
type Rule = { priority: number; what: { field: string; pattern: string }; owner: Owner }
type Owner = { kind: 'team' | 'even' | 'weighted' | 'proportional'; teams: number[]; weights?: string[] }
type Line = {
  [K in 'account' | 'region' | 'service' | 'tag']: string
} & { day: number; pool: number; nano: bigint; list: bigint | null; isGpu: boolean }
const company = fc.record({
  estate,
  lines: fc.array(line, { minLength: 1, maxLength: 10 }),
  called: fc.array(fc.tuple(fc.constantFrom(...USERS), fc.constantFrom(...NAMES)), { minLength: 12, maxLength: 12 }),
  rules: fc.array(rule, { minLength: 1, maxLength: 5 }),
})
type Company = { estate: Estate; lines: Line[]; called: [string, string][]; rules: Rule[] }

const GPUS = ['H100 GPU hour', 'A100 GPU hour', 'H100 GPU hour']
const PROVIDERS = ['aws', 'aws', 'gcp']

function bill(lines: readonly Line[]): string {
  const header =
    'BilledCost,EffectiveCost,ListCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ProviderName,SubAccountId,RegionId,ServiceName,Tags,ChargeDescription,ServiceCategory,ConsumedQuantity,ConsumedUnit'
  const rows = lines.map(({ day, pool, account, region, service, tag, nano: amount, list, isGpu }) => {
    const tags = tag === '' ? '' : `"{""team"":""${tag}""}"`
    const [billed, effective] = [usdText(nanoUsd(amount + 3n)), usdText(nanoUsd(amount))]
    const item = isGpu ? GPUS[pool] : 'Cable'
    const at = `${addDays(FIRST, day)}T00:00:00Z`
    return [
      ...[
        billed,
        effective,
        list === null ? '' : usdText(nanoUsd(list)),
        'USD',
        '2026-02-01',
        at,
        'Usage',
        PROVIDERS[pool],
      ],
      ...[account, region, service, tags, item, 'Compute', list === null ? 24 : '', list === null ? 'Hours' : ''],
    ].join(',')
  })
  return [header, ...rows].join('\n')
}

function jobs({ estate: random, called }: Company): string {
  const file = JSON.parse(jobFile(random)) as { jobs: object[] }
  return JSON.stringify({
    jobs: file.jobs.map((job, at) => ({ ...job, user_name: called[at]?.[0], job_name: called[at]?.[1] })),
  })
}

/** An empty Heliox whose teams, and the order of whose owners, are the same each time: it decides who carries a stray nano-dollar. */
async function emptied(heliox: TestHeliox): Promise<string[]> {
  const { db } = heliox
  await clear(heliox)
  for (const table of ['owner_rules', 'owner_rule_sets', 'cost_dimensions'])
    await db.run(sql.raw(`delete from ${table}`))
  for (const at of [0, 1, 2]) await db.run(sql`insert into teams (name, created_at_ms) values (${`team-${at}`}, 0)`)
  for (const at of [0, 1, 2])
    await db.run(sql`insert into models (id, name) values (${BigInt(at + 1)}, ${`model-${at}`})`)
  const statuses = JSON.stringify(JOB_STATUSES.map((_, at) => at + 1))
  await db.run(sql`insert into owners (team_id, model_id, status)
    select t.id, m.id, s.value from teams t, models m, json_each(${statuses}) s order by 1, 2, 3`)
  await db.run(sql`insert into owners (team_id, model_id, status) select id, 0, 0 from teams order by 1`)
  return (await db.all<{ id: string }>(sql`select 'team_' || id as id from teams order by teams.id`)).map(
    ({ id }) => id,
  )
}

async function writeRules({ write }: TestHeliox, rules: readonly Rule[], ids: readonly string[]): Promise<void> {
  for (const { priority, what, owner: to } of rules) {
    const isJobs = what.field === 'user' || what.field === 'job_name'
    const kind = isJobs ? 'team' : to.kind
    const teams = (kind === 'team' ? [to.teams[0] ?? 0] : to.teams).map((at, index) => ({
      ...{ team_id: ids[at], ...(kind === 'weighted' ? { weight: to.weights?.[index] } : {}) },
    }))
    const body = { ...what, priority, owner: { kind, teams }, ...(what.field === 'tag' ? { tag_key: 'team' } : {}) }
    const { status, body: answer } = await write('POST', '/api/v1/owner-rules', body)
    expect([status, answer]).toEqual([201, expect.anything()])
  }
}

/** What every team is charged, on both bases and at every kind of cost; every list sums to the bill, and the ledger to itself. */
async function charged({ trpc, db }: TestHeliox): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {}
  for (const cost of ['effective', 'billed', 'list'] as const) {
    const column = { effective: 'cost_nano_usd', billed: 'billed_nano_usd', list: 'list_nano_usd' }[cost]
    const [bill] = await db.all<{ nano: bigint }>(
      sql`select coalesce(sum(${sql.raw(column)}), 0) as nano from pool_days`,
    )
    const kind = { effective: 'effective_nano_usd', billed: 'billed_nano_usd', list: 'list_nano_usd' }[cost]
    const [lines] = await db.all<{ nano: bigint }>(
      sql`select coalesce(sum(${sql.raw(kind)}), 0) as nano from ledger_costs`,
    )
    expect(bill).toEqual(lines)
    for (const basis of ['allocation', 'usage'] as const) {
      const asked = { ...window, basis, cost }
      const [teams, models] = [await trpc.analytics.byTeam.query(asked), await trpc.analytics.byModel.query(asked)]
      for (const { rows } of [teams, models])
        expect(rows.reduce((sum, row) => sum + nano(row.totalCostUsd), 0n)).toBe(bill?.nano)
      all[`${basis} ${cost}`] = Object.fromEntries(
        teams.rows.filter((row) => nano(row.totalCostUsd) !== 0n).map((row) => [row.name, row.totalCostUsd]),
      )
    }
  }
  const wrong = await db.all(sql`select p.day, p.pool_id from pool_days p where
    coalesce(p.cost_nano_usd, 0) <> p.unallocated_nano_usd + (select coalesce(sum(c.allocation_nano_usd), 0)
      from ledger_cells c where c.day = p.day and c.pool_id = p.pool_id)
    or coalesce(p.cost_nano_usd, 0) <> p.idle_nano_usd + p.unmeasured_nano_usd + (select coalesce(sum(c.usage_nano_usd), 0)
      from ledger_cells c where c.day = p.day and c.pool_id = p.pool_id)
    or p.is_stale = 0 and (select coalesce(sum(c.useful_nano_usd + c.idle_held_nano_usd + c.lost_nano_usd + c.not_measured_nano_usd), 0)
      from ledger_cells c where c.day = p.day and c.pool_id = p.pool_id) <> (
      select coalesce(sum(iif(p.capacity_gpu_seconds is null, c.allocation_nano_usd, c.usage_nano_usd)), 0)
      from ledger_cells c where c.day = p.day and c.pool_id = p.pool_id)`)
  expect(wrong).toEqual([])
  return all
}

test('300 random estates and rules: every list sums to the bill after every step; applied is as if it had always been; taken back is as before', async () => {
  const heliox = await startHeliox({ now: NOW })
  let moved = 0
  await fc.assert(
    fc.asyncProperty(company, async (random) => {
      const files = async () => {
        await heliox.send('jobs-json', jobs(random))
        await heliox.send('focus-csv', bill(random.lines))
        if (random.estate.costs.length > 0) await heliox.send('cost-csv', costFile(random.estate))
      }
      fc.pre(random.estate.jobs.length > 0)
      const ids = await emptied(heliox)
      await files()
      const before = await charged(heliox)
      await writeRules(heliox, random.rules, ids)
      expect(await charged(heliox)).toEqual(before)
      const preview = await heliox.trpc.ownerRules.preview.query()
      expect(await charged(heliox)).toEqual(before)
      const rows = preview.teams ?? []
      const sum = (of: 'beforeUsd' | 'afterUsd') => rows.reduce((total, row) => total + nano(row[of]), 0n)
      expect(sum('afterUsd')).toBe(sum('beforeUsd'))

      await heliox.trpc.ownerRules.applyAll.mutate()
      const applied = await charged(heliox)
      if (JSON.stringify(applied) !== JSON.stringify(before)) moved += 1
      const of = (name: string, all: Record<string, unknown>) =>
        nano((all['allocation effective'] as Record<string, string>)[name] ?? '0')
      for (const { name, beforeUsd, afterUsd } of rows)
        expect([name, nano(afterUsd) - nano(beforeUsd)]).toEqual([name, of(name, applied) - of(name, before)])
      expect((await heliox.trpc.ownerRules.history.query({})).sets[0]?.moved).toEqual(preview.moved)
      expect((await heliox.trpc.ownerRules.preview.query()).moved).toMatchObject({ entryCount: 0, jobCount: 0 })

      for (const { id } of (await heliox.trpc.ownerRules.list.query({})).rules)
        await heliox.trpc.ownerRules.remove.mutate({ id })
      await heliox.trpc.ownerRules.applyAll.mutate()
      expect(await charged(heliox)).toEqual(before)

      const again = await emptied(heliox)
      await writeRules(heliox, random.rules, again)
      await heliox.trpc.ownerRules.applyAll.mutate()
      await files()
      expect(await charged(heliox)).toEqual(applied)
    }),
    { numRuns: 300, seed: 20260505 },
  )
  expect(moved).toBeGreaterThan(100)
}, 600_000)

test('cut off after every transaction, however small: every list sums to the bill, and the end is the same', async () => {
  const heliox = await startHeliox({ now: NOW })
  await fc.assert(
    fc.asyncProperty(company, async (random) => {
      fc.pre(random.estate.jobs.length > 0)
      const results: unknown[] = []
      for (const isCut of [false, true]) {
        const ids = await emptied(heliox)
        await heliox.send('jobs-json', jobs(random))
        await heliox.send('focus-csv', bill(random.lines))
        await writeRules(heliox, random.rules, ids)
        if (isCut) {
          const bounds = { jobsRead: 3, jobsMoved: 2, jobDays: 2, dimensions: 2, transactions: 1 }
          await applyOwnerRules(heliox.scope, bounds)
          while (await goThroughHistory(heliox.scope, bounds)) await charged(heliox)
        } else await heliox.trpc.ownerRules.applyAll.mutate()
        const set = (await heliox.trpc.ownerRules.history.query({})).sets[0]
        results.push([
          await charged(heliox),
          set?.isDone,
          set?.moved.entryCount,
          set?.moved.chargeUsd,
          set?.moved.jobCount,
        ])
      }
      expect(results[1]).toEqual(results[0])
    }),
    { numRuns: 30, seed: 99 },
  )
}, 300_000)
