import { modelPrices } from '../../db/schema/prices.ts'
import { requests } from '../../db/schema/requests.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { Day, EpochMs } from '../../db/units/time.ts'
import type { TestHeliox } from '../testing.ts'

let calls = 0

type Call = {
  day: string
  model: string
  teamId?: TeamId
  input?: number
  cached?: number
  output?: number
  costNanoUsd?: bigint
  status?: 'completed' | 'failed'
}

/** A call as the meter writes it: triggers add it to the sums of its day. */
export async function metered({ db }: TestHeliox, call: Call): Promise<void> {
  const { day, model, teamId = null, input = 0, cached = null, output = 0, costNanoUsd = null, status } = call
  calls += 1
  await db.insert(requests).values({
    ...{ id: `req_${calls}`, startedAtMs: Date.parse(`${day}T10:00:00Z`) as EpochMs, day: day as Day, teamId },
    ...{ endpoint: 'chat.completions', modelAsked: model, model: `${model}-served`, backend: 'own', provider: 'vllm' },
    ...{ isStream: false, status: status ?? 'completed', inputTokens: input, cachedInputTokens: cached },
    ...{ outputTokens: output, costNanoUsd: costNanoUsd as NanoUsd | null },
    costGrade: costNanoUsd === null ? 'unpriced' : 'reported',
  })
}

/** Dollars per million tokens, from a day on. */
export async function priced(
  { db, now }: TestHeliox,
  price: { model: string; from?: string; input: string; output: string; cachedInput?: string },
): Promise<void> {
  const { from = '2026-01-01', ...rates } = price
  await db.insert(modelPrices).values({ ...rates, effectiveFrom: from as Day, createdAtMs: now() })
}
