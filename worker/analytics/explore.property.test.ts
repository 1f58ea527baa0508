import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, type Day } from '../../db/units/time.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { NAMES, type Name, TIMES } from './dimensions.ts'
import { EXPLORER_FIELDS, type Explored, explore } from './explore.ts'
import { periodOf } from './periods.ts'
import { reconciliation } from './reconciliation.ts'
import { clear, DAYS, FIRST, NOW, window } from './testing.ts'
import {
  ACCOUNTS,
  type BilledEstate,
  billedEstate,
  focusFile,
  outcomesFile,
  REGIONS,
  SKUS,
  STATUSES,
  TAG_KEY,
} from './testing-bills.ts'
import { questionWith } from './window.ts'

const ALL: Name[] = [...NAMES, 'tag:env', `tag:${TAG_KEY}`]
const BASES = ['allocation', 'usage', 'exposure'] as const
const COSTS = ['effective', 'billed', 'list'] as const
const Asked = questionWith(EXPLORER_FIELDS)

/** Two of the filters at most, each letting something through. */
const filters = fc
  .tuple(
    fc.shuffledSubarray(
      ['account', 'region', 'sku', 'tag', 'provider', 'gpuType', 'status', 'modelName', 'status', 'modelName'] as const,
      { maxLength: 2 },
    ),
    fc.record({
      account: fc.subarray(ACCOUNTS, { minLength: 1 }),
      region: fc.subarray(REGIONS, { minLength: 1 }),
      sku: fc.subarray(SKUS, { minLength: 1 }),
      tag: fc.subarray(['env=prod', 'env=dev', 'env=', `${TAG_KEY}=é,:`], { minLength: 1 }),
      provider: fc.subarray(['aws', 'gcp'], { minLength: 1 }),
      gpuType: fc.subarray(['h100', 'a100'], { minLength: 1 }),
      status: fc.subarray([...STATUSES, 'running' as const], { minLength: 1 }),
      modelName: fc.subarray(['model-0', 'model-1', 'model-2'], { minLength: 1 }),
    }),
  )
  .map(([names, values]) => Object.fromEntries(names.map((name) => [name, values[name]])) as Partial<typeof values>)

const asking = fc.record({
  names: fc.shuffledSubarray(ALL, { minLength: 2, maxLength: 2 }),
  basis: fc.constantFrom(...BASES),
  cost: fc.constantFrom(...COSTS),
  filters,
  top: fc.integer({ min: 1, max: 4 }),
})

async function filled(heliox: TestHeliox, random: BilledEstate) {
  await clear(heliox)
  if (random.lines.length > 0) expect((await heliox.send('focus-csv', focusFile(random))).result.failed).toBe(0)
  if (random.jobs.length > 0) await heliox.send('jobs-json', outcomesFile(random))
  return (more: object): Promise<Explored> => explore(heliox.scope, Asked.parse({ ...window, top: 200, ...more }))
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n)
const totalOf = ({ rows }: Explored) => sum(rows.map(({ totalCostNanoUsd }) => totalCostNanoUsd))

/** Σ rows by what `keyOf` says of them, without groups of 0. */
function grouped({ rows }: Explored, keyOf: (names: string[], kind: string) => string): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { names, kind, totalCostNanoUsd } of rows) {
    const key = keyOf(names, kind)
    sums.set(key, (sums.get(key) ?? 0n) + totalCostNanoUsd)
  }
  return new Map([...sums].filter(([, cost]) => cost !== 0n).sort())
}

const isOfOwners = (name: string) => ['team', 'model', 'status'].includes(name)

test('random estates, any two names: rows sum to the total, and each name’s sums are what it says alone', async () => {
  const heliox = await startHeliox({ now: NOW })
  let figures = 0
  await fc.assert(
    fc.asyncProperty(billedEstate, asking, async (random, { names, basis, cost, filters, top }) => {
      const ask = await filled(heliox, random)
      const question = { basis, cost, ...filters }
      const pair = await ask({ ...question, groupBy: names })
      const isAdditive = basis !== 'exposure' || !names.some(isOfOwners)
      expect(pair.isAdditive).toBe(isAdditive)
      if (isAdditive) expect(totalOf(pair)).toBe(pair.totalCostNanoUsd)
      if (pair.totalCostNanoUsd !== 0n) figures += 1
      // Named and filtered owners are of one kind: then every grouping is a sum of the same integers.
      const owners = new Set([
        ...names.filter(isOfOwners),
        ...['status', 'modelName'].filter((name) => name in filters),
      ])
      const isSame = owners.size <= 1 || !(names.some(isOfBill) || Object.keys(filters).some(isOfBill))
      if (isAdditive)
        for (const [index, name] of names.entries()) {
          const alone = await ask({ ...question, groupBy: name })
          expect(totalOf(alone)).toBe(alone.totalCostNanoUsd)
          if (!isSame) continue
          expect(alone.totalCostNanoUsd).toBe(pair.totalCostNanoUsd)
          // A kind of what is left over is one row alone, and one per group of the other name in the pair.
          expect(grouped(pair, (texts) => texts[index] ?? '')).toEqual(grouped(alone, ([text = '']) => text))
        }
      const few = await ask({ ...question, groupBy: names, top })
      const [all, owned] = [pair.rows.filter(isOwner), few.rows.filter(isOwner)]
      expect(owned).toEqual(all.slice(0, top))
      const other = few.rows.find(({ kind }) => kind === 'other')
      expect(other?.groupCount ?? 0).toBe(Math.max(0, all.length - top))
      expect(other?.totalCostNanoUsd ?? 0n).toBe(sum(all.slice(top).map(({ totalCostNanoUsd }) => totalCostNanoUsd)))
      expect(few.rows.filter(({ kind }) => kind !== 'owner' && kind !== 'other')).toEqual(
        pair.rows.filter((row) => !isOwner(row)),
      )
    }),
    { numRuns: 150, seed: 20260103 },
  )
  expect(figures).toBeGreaterThan(40)
}, 240_000)

const isOwner = ({ kind }: { kind: string }) => kind === 'owner'
const isOfBill = (name: string) =>
  ['account', 'region', 'service', 'sku', 'charge_category', 'tag'].includes(name.split(':')[0]!)

test('random estates, any filter: both sides of the bill differ by 0', async () => {
  const heliox = await startHeliox({ now: NOW })
  let allocated = 0n
  await fc.assert(
    fc.asyncProperty(billedEstate, asking, async (random, { names: [name], basis, cost, filters: asked }) => {
      const ask = await filled(heliox, random)
      const question = Asked.parse({ ...window, groupBy: name, cost, basis, ...asked })
      const both = await reconciliation(heliox.scope, question)
      expect(both.differenceNanoUsd).toBe(0n)
      const { status, modelName, ...ofBill } = asked
      const bill = await ask({ groupBy: 'account', cost, ...ofBill })
      expect(both.billedCostNanoUsd).toBe(bill.totalCostNanoUsd)
      const { totalCostNanoUsd } = await ask({ groupBy: 'month', cost, basis, ...asked })
      if (status ?? modelName) expect(both.allocatedCostNanoUsd).toBe(totalCostNanoUsd)
      allocated += both.allocatedCostNanoUsd < 0n ? -both.allocatedCostNanoUsd : both.allocatedCostNanoUsd
    }),
    { numRuns: 80, seed: 20260106 },
  )
  expect(allocated).toBeGreaterThan(0n)
}, 240_000)

test('random estates, over time: periods are dense and sum to the range, weeks and months to their days, and the days before are those of a question of their own', async () => {
  const heliox = await startHeliox({ now: NOW })
  const half = { start: addDays(FIRST, 3), end: addDays(FIRST, DAYS + 2) }
  const before = { start: addDays(FIRST, -3), end: addDays(FIRST, 2) }
  let figures = 0n
  await fc.assert(
    fc.asyncProperty(billedEstate, asking, async (random, { names: [name], basis, cost, filters: asked }) => {
      const ask = await filled(heliox, random)
      const question = { basis: basis === 'exposure' ? 'allocation' : basis, cost, ...asked }
      const whole = await ask({ ...question, groupBy: name })
      const byKey = ({ rows }: Explored) => new Map(rows.map((row) => [`${row.kind} ${row.names} ${row.teamId}`, row]))
      const series = await Promise.all(TIMES.map((time) => ask({ ...question, groupBy: [time, name] })))
      const [days, ...longer] = series
      for (const timed of series) {
        expect(timed.totalCostNanoUsd).toBe(whole.totalCostNanoUsd)
        const rows = byKey(timed)
        expect([...rows.keys()]).toEqual([...byKey(whole).keys()])
        for (const [key, { costNanoUsd, ...row }] of rows) {
          expect(row).toEqual(figuresOf(byKey(whole).get(key)))
          expect(costNanoUsd).toHaveLength(timed.periods?.length ?? 0)
          expect(sum(costNanoUsd ?? [])).toBe(row.totalCostNanoUsd)
        }
      }
      expect(days?.periods).toHaveLength(DAYS + 5)
      for (const [index, timed] of longer.entries())
        for (const [key, row] of byKey(timed))
          for (const [at, period] of timed.periods?.entries() ?? []) {
            const own = days?.periods?.map((day) => periodOf(day as Day, TIMES[index + 1] ?? 'day') === period)
            const costs =
              byKey(days as Explored)
                .get(key)
                ?.costNanoUsd?.filter((_, day) => own?.[day]) ?? []
            expect(row.costNanoUsd?.[at]).toBe(sum(costs))
          }
      const later = await ask({ ...question, groupBy: name, ...half, compare: 'previous' })
      const earlier = await ask({ ...question, groupBy: name, ...before })
      expect(later.previousTotalCostNanoUsd).toBe(earlier.totalCostNanoUsd)
      const previous = later.rows.map((row) => ({ ...row, totalCostNanoUsd: row.previousTotalCostNanoUsd ?? 0n }))
      expect(grouped({ ...later, rows: previous as Explored['rows'] }, keyOfGroup)).toEqual(
        grouped(earlier, keyOfGroup),
      )
      figures += earlier.totalCostNanoUsd
    }),
    { numRuns: 60, seed: 20260104 },
  )
  expect(figures).not.toBe(0n)
}, 240_000)

const keyOfGroup = (names: string[], kind: string) => `${kind} ${names}`

function figuresOf(row: Explored['rows'][number] | undefined) {
  const { costNanoUsd, ...figures } = row ?? { costNanoUsd: null }
  return figures
}

test('random estates: a figure of two names is the total of its own question, and jobs are counted once', async () => {
  const heliox = await startHeliox({ now: NOW })
  let [crossed, counted] = [0, 0]
  await fc.assert(
    fc.asyncProperty(billedEstate, fc.constantFrom(...COSTS), fc.boolean(), async (random, cost, isUsage) => {
      const ask = await filled(heliox, random)
      const question = { cost, basis: isUsage ? 'usage' : 'allocation' }
      const pair = await ask({ ...question, groupBy: ['account', 'team'] })
      for (const { names, teamId, kind, totalCostNanoUsd } of pair.rows) {
        if (kind !== 'owner') continue
        crossed += 1
        for (const groupBy of ['sku', 'gpu_type', 'tag:env', 'team', 'day']) {
          const own = await ask({ ...question, groupBy, account: names[0], teamId })
          expect([groupBy, own.totalCostNanoUsd]).toEqual([groupBy, totalCostNanoUsd])
        }
      }
      const { rows } = await ask({ ...question, groupBy: ['gpu_type', 'model'], start: FIRST, end: addDays(FIRST, 2) })
      const jobs = await heliox.db.all<{ gpuType: string; model: string; jobs: bigint; gpuMs: bigint }>(sql`
        select p.gpu_type as gpuType, j.model_name as model, count(distinct j.id) as jobs, sum(s.gpu_ms) as gpuMs
        from job_day_shares s join jobs j on j.id = s.job_id join pools p on p.id = s.pool_id
        where s.day >= ${FIRST} and s.day < ${addDays(FIRST, 3)} group by 1, 2`)
      const owners = rows.filter(isOwner).map(({ names, jobCount, gpuSeconds }) => [names, jobCount, gpuSeconds])
      expect(owners.sort(byText)).toEqual(
        jobs.map((row) => [[row.gpuType, row.model], Number(row.jobs), Number(row.gpuMs) / 1000]).sort(byText),
      )
      counted += jobs.length
      if (cost !== 'list') return
      const all = await ask({ ...question, groupBy: 'account' })
      const [unlisted] = await heliox.db.all<{ cost: bigint }>(
        sql`select coalesce(sum(effective_nano_usd), 0) as cost from ledger_costs where list_nano_usd is null`,
      )
      expect([all.unlistedCostNanoUsd, pair.unlistedCostNanoUsd]).toEqual([unlisted?.cost, unlisted?.cost])
    }),
    { numRuns: 40, seed: 20260105 },
  )
  expect(crossed).toBeGreaterThan(40)
  expect(counted).toBeGreaterThan(40)
}, 240_000)

const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
