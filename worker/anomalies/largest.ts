import type { z } from 'zod'
import type { Scope } from '../scope.ts'
import type { AnomaliesQuestion, Anomaly } from './anomaly-fields.ts'
import { readFacts } from './causes.ts'
import { drawAnomaly } from './draw-anomaly.ts'
import { type Found, findAll } from './find-anomalies.ts'

/**
 * The anomalies of the question's days with the greatest impact, without those that somebody has called planned or none.
 * Only these are drawn. Throws as `anomalies` does.
 */
export async function largestAnomalies(
  scope: Scope,
  asked: z.output<typeof AnomaliesQuestion>,
  most: number,
): Promise<Anomaly[]> {
  const { found, read } = await findAll(scope, asked)
  const open = found
    .filter(({ verdict }) => verdict?.verdict !== 'no' && verdict?.verdict !== 'planned')
    .sort((a, b) => Number(sizeOf(b) - sizeOf(a)))
    .slice(0, most)
  if (open.length === 0) return []
  const days = open.map(({ day }) => day)
  const facts = await readFacts(scope, days, read.isPartial)
  const drawn: Anomaly[] = []
  for (const one of open) drawn.push(await drawAnomaly(scope, one, facts, read.isPartial))
  return drawn
}

function sizeOf({ impact }: Found): bigint {
  return impact < 0n ? -impact : impact
}
