import fc from 'fast-check'
import { nanoUsd, usdText } from '../../db/units/money.ts'
import { addDays } from '../../db/units/time.ts'
import { DAYS, type Estate, FIRST, job, jobFile, POOLS } from './testing.ts'

/** Accounts, regions and so on of charges, and tags whose keys are no plain words. */
export const ACCOUNTS = ['prod', 'dev', '']
export const REGIONS = ['eu-1', 'us-2']
export const SKUS = ['SKU.1', 'S"2', "S'3"]
export const CATEGORIES = ['Usage', 'Credit']
export const TAG_KEY = 'cost.center"\\1'
const TAGS = ['', '{"env":"prod"}', JSON.stringify({ env: 'dev', [TAG_KEY]: 'é,:' }), '{"env":true}']
export const STATUSES = ['completed', 'failed', 'cancelled'] as const

const amount = fc.oneof(fc.bigInt(-50n, 50n), fc.bigInt(-4_000_000_000_000_000n, 9_000_000_000_000_000n))
const oneOf = (values: readonly string[]) => fc.constantFrom(...values)

const line = fc.record({
  pool: fc.integer({ min: 0, max: POOLS.length - 1 }),
  day: fc.integer({ min: 0, max: DAYS - 1 }),
  ...{ billed: amount, effective: amount, list: fc.option(amount), capacityHours: fc.option(fc.nat(200)) },
  ...{ account: oneOf(ACCOUNTS), region: oneOf(REGIONS), sku: oneOf(SKUS), category: oneOf(CATEGORIES) },
  ...{ service: oneOf(['ec2', 'support']), tags: oneOf(TAGS) },
})
type Line = typeof line extends fc.Arbitrary<infer T> ? T : never

/** Bills that say what each charge is for, credits among them, and jobs of several outcomes. */
export const billedEstate = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 20, size: 'max' }),
  jobs: fc.array(job, { maxLength: 12, size: 'max' }),
  statuses: fc.array(oneOf(STATUSES), { minLength: 12, maxLength: 12 }),
})
export type BilledEstate = { lines: Line[]; jobs: Estate['jobs']; statuses: string[] }

/** The bill as a FOCUS file that says its GPU types itself. */
export function focusFile({ lines }: BilledEstate): string {
  const usd = (nano: bigint | null) => (nano === null ? '' : usdText(nanoUsd(nano)))
  const rows = lines.map(
    (one): Record<string, unknown> => ({
      ...{ BilledCost: usd(one.billed), EffectiveCost: usd(one.effective), ListCost: usd(one.list) },
      ...{ BillingCurrency: 'USD', BillingPeriodStart: '2026-02-01', ChargeCategory: one.category },
      ChargePeriodStart: `${addDays(FIRST, one.day)}T00:00:00Z`,
      ...{ ServiceProviderName: POOLS[one.pool]?.provider, x_HelioxGpuType: POOLS[one.pool]?.gpuType },
      ...{ x_HelioxExport: 'costs', x_HelioxGpuHours: one.capacityHours ?? '' },
      ...{ SubAccountId: one.account, RegionId: one.region, ServiceName: one.service, SkuPriceId: one.sku },
      Tags: one.tags,
    }),
  )
  const quoted = (cell: unknown) => `"${String(cell).replaceAll('"', '""')}"`
  return [Object.keys(rows[0] ?? {}), ...rows.map(Object.values)].map((cells) => cells.map(quoted).join(',')).join('\n')
}

/** The jobs of the estate; those that have ended, with their outcomes. */
export function outcomesFile({ jobs: ran, statuses }: BilledEstate): string {
  const { jobs } = JSON.parse(jobFile({ costs: [], jobs: ran })) as { jobs: { status: string }[] }
  for (const [index, job] of jobs.entries()) if (job.status !== 'running') job.status = statuses[index] ?? job.status
  return JSON.stringify({ jobs })
}
