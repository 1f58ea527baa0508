import { and, gt, lte } from 'drizzle-orm'
import { deployments } from '../../db/schema/deployments.ts'
import { gpuPrices } from '../../db/schema/prices.ts'
import { addDays, type Day, dayOf, startOf } from '../../db/units/time.ts'
import { cellsTogether } from '../analytics/ledger.ts'
import { visibleQuestion } from '../analytics/visible-question.ts'
import type { Question } from '../analytics/window.ts'
import { mayI } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { Measure } from './history.ts'

/** From `day` on every day costs so many nano-dollars more, or less. */
export type Step = { day: Day; nanoUsd: bigint }
export type KnownFuture = { steps: Step[]; assumes: string[] }

const RECENT_DAYS = 28
const MOST_NAMED = 5

/**
 * What is known today of the days to come: GPU prices of the company's own list that change, as a step of what the pool cost
 * a day in the last four weeks × the change; and deployments that end, which is said and moves nothing, since the pool is
 * billed until somebody gives it back. Steps are of the total of the question: no group is told its part.
 */
export async function knownFuture(
  scope: Scope,
  asked: Omit<Question, 'window'> & { measure: Measure; isGrouped: boolean },
  end: Day,
  last: Day,
): Promise<KnownFuture> {
  const { measure, isGrouped, ...question } = asked
  const assumes: string[] = []
  const steps: Step[] = []
  if (mayI(scope, 'prices:read') && measure === 'cost') {
    const changes = await priceChanges(scope, end, last)
    if (changes.length > 0) {
      const window = { from: addDays(end, 1 - RECENT_DAYS), before: addDays(end, 1) }
      const visible = visibleQuestion(scope, { ...question, window })
      const [cells = []] = await cellsTogether(scope, [
        { question: visible, by: { time: null, names: ['provider', 'gpu_type'] } },
      ])
      for (const { provider, gpuType, day, was, is } of changes) {
        const name = `${gpuType} at ${provider}`
        const pool = cells.find(({ names }) => names[0] === provider && names[1] === gpuType)
        if (!pool || pool.costNanoUsd === 0n) continue
        if (isGrouped || was === null || was === 0n) {
          assumes.push(`${name} has another price from ${day} on; that is not in these figures.`)
          continue
        }
        const nanoUsd = (pool.costNanoUsd * (is - was)) / (was * BigInt(RECENT_DAYS))
        steps.push({ day, nanoUsd })
        const percent = Math.round((Number(is - was) / Number(was)) * 1000) / 10
        assumes.push(
          `${name} changes by ${percent} % from ${day} on, by the company’s own price list: a step from that day.`,
        )
      }
    }
  }
  assumes.push(...(await endings(scope, end, last)))
  if (assumes.length === 0)
    assumes.push('Nothing known today changes these days: no price change, no deployment that ends.')
  return { steps, assumes }
}

async function priceChanges(scope: Scope, end: Day, last: Day) {
  const rows = await scope.db
    .select()
    .from(gpuPrices)
    .where(lte(gpuPrices.effectiveFrom, last))
    .orderBy(gpuPrices.effectiveFrom)
  const current = new Map<string, bigint>()
  return rows.flatMap(({ provider, gpuType, effectiveFrom: day, perGpuHourNanoUsd: is }) => {
    const key = JSON.stringify([provider, gpuType])
    const was = current.get(key) ?? null
    current.set(key, is)
    return day > end && is !== was ? [{ provider, gpuType, day, was, is }] : []
  })
}

async function endings(scope: Scope, end: Day, last: Day): Promise<string[]> {
  const rows = await scope.db
    .select()
    .from(deployments)
    .where(
      and(gt(deployments.endsAtMs, startOf(addDays(end, 1))), lte(deployments.endsAtMs, startOf(addDays(last, 1)))),
    )
    .orderBy(deployments.endsAtMs)
    .limit(MOST_NAMED)
  return rows.map(
    ({ model, provider, gpuType, gpuCount, endsAtMs }) =>
      `The deployment of ${model} (${gpuCount} × ${gpuType} at ${provider}) ends on ${dayOf(endsAtMs ?? scope.now())}; its GPUs are taken to be billed on.`,
  )
}

/** What a day's amount moves by. */
export function stepsOn(steps: readonly Step[], day: Day): bigint {
  return steps.reduce((sum, step) => (step.day <= day ? sum + step.nanoUsd : sum), 0n)
}
