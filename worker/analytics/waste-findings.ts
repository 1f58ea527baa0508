import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { nanoUsd } from '../../db/units/money.ts'
import { GpuTime, Usd } from '../answer-fields.ts'
import type { Scope } from '../scope.ts'
import { isByOwner } from './conditions.ts'
import { measuredDays } from './measured-days.ts'
import type { Visible } from './visible-question.ts'

/** What does not fit together on pool-days: beside the bridge, no part of its sum. */
export const MeasuredFindings = z.object({
  overAllocatedPoolDays: z.number().int().describe('Pool-days on which jobs held more GPU time than was billed'),
  overAllocatedGpuSeconds: GpuTime.describe('By how much'),
  overAllocatedCostNanoUsd: Usd.describe('What those pool-days cost, all of it'),
  measuredMoreThanHeldPoolDays: z.number().int().describe('Pool-days on which more GPU time was busy than jobs held'),
  measuredMoreThanHeldGpuSeconds: GpuTime.describe('By how much; it makes nobody’s time useful'),
})

/** What was measured of one pool, or of several, and what does not fit. */
export type PoolFacts = { measuredGpuMs: number; findings: z.output<typeof MeasuredFindings> }
type OfPool = PoolFacts & { provider: string; gpuType: string }

/** Of each pool of the question's window and filters; null for a part of the owners, whose pools are others' as well. */
export async function poolFacts({ db }: Pick<Scope, 'db'>, question: Visible): Promise<OfPool[] | null> {
  if (isByOwner(question)) return null
  const rows = await db.all<{ provider: string; gpuType: string } & Record<string, bigint>>(sql`
    select provider, gpuType, coalesce(sum(measuredMs), 0) as measured,
      coalesce(sum(heldMs > capacityMs), 0) as over, coalesce(sum(max(heldMs - capacityMs, 0)), 0) as overMs,
      coalesce(sum(iif(heldMs > capacityMs, cost, 0)), 0) as overCost,
      coalesce(sum(busyMs > heldMs), 0) as more, coalesce(sum(max(busyMs - heldMs, 0)), 0) as moreMs
    from (${measuredDays(question)}) group by provider, gpuType`)
  return rows.map(({ provider, gpuType, ...row }) => ({
    ...{ provider, gpuType, measuredGpuMs: Number(row.measured) },
    findings: {
      overAllocatedPoolDays: Number(row.over),
      overAllocatedGpuSeconds: Number(row.overMs) / 1000,
      overAllocatedCostNanoUsd: nanoUsd(row.overCost ?? 0n),
      measuredMoreThanHeldPoolDays: Number(row.more),
      measuredMoreThanHeldGpuSeconds: Number(row.moreMs) / 1000,
    },
  }))
}

/** The sum over the pools of that provider and GPU type; null: any. */
export function sumOfFacts(all: readonly OfPool[], only: Partial<Record<'provider' | 'gpuType', string | null>> = {}) {
  const isOne = ({ provider, gpuType }: OfPool) =>
    (only.provider ?? provider) === provider && (only.gpuType ?? gpuType) === gpuType
  return all.filter(isOne).reduce<PoolFacts>(
    (sum, { measuredGpuMs, findings }) => ({
      measuredGpuMs: sum.measuredGpuMs + measuredGpuMs,
      findings: {
        overAllocatedPoolDays: sum.findings.overAllocatedPoolDays + findings.overAllocatedPoolDays,
        overAllocatedGpuSeconds: sum.findings.overAllocatedGpuSeconds + findings.overAllocatedGpuSeconds,
        overAllocatedCostNanoUsd: nanoUsd(sum.findings.overAllocatedCostNanoUsd + findings.overAllocatedCostNanoUsd),
        measuredMoreThanHeldPoolDays: sum.findings.measuredMoreThanHeldPoolDays + findings.measuredMoreThanHeldPoolDays,
        measuredMoreThanHeldGpuSeconds:
          sum.findings.measuredMoreThanHeldGpuSeconds + findings.measuredMoreThanHeldGpuSeconds,
      },
    }),
    NO_FACTS,
  )
}

const NO_FACTS: PoolFacts = {
  measuredGpuMs: 0,
  findings: {
    ...{ overAllocatedPoolDays: 0, overAllocatedGpuSeconds: 0, overAllocatedCostNanoUsd: nanoUsd(0n) },
    ...{ measuredMoreThanHeldPoolDays: 0, measuredMoreThanHeldGpuSeconds: 0 },
  },
}
