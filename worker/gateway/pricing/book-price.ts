import type { NanoUsd } from '../../../db/units/money.ts'
import { dayOf, type EpochMs } from '../../../db/units/time.ts'
import type { Asking } from '../../asking.ts'
import { backendOf } from '../backends/index.ts'
import type { Call } from '../call.ts'
import type { Served, Snapshot } from '../snapshot.ts'
import type { TokenCounts } from '../tokens/counts.ts'
import { costOf } from './cost.ts'
import { type ModelPrice, priceOn } from './price.ts'

/** What tokens of a call cost: as the provider reported, else by the price book, else nobody knows. */
export async function priced(
  { asking, snapshot, startedAtMs, model }: Call,
  { backend, upstreamModel }: Served,
  counts: TokenCounts,
  tier: string | null,
  isEstimate: boolean,
): Promise<{ costNanoUsd: NanoUsd | null; grade: 'computed' | 'estimated' | 'unpriced'; price: ModelPrice | null }> {
  const price = await bookPrice(asking, snapshot, { backend, upstreamModel }, model, startedAtMs)
  const cost = price && costOf(counts, price, tier)
  if (cost === null) return { costNanoUsd: null, grade: 'unpriced', price: null }
  return { costNanoUsd: cost, grade: isEstimate ? 'estimated' : 'computed', price }
}

/** The price of what is served: under the provider's name and the model's, under the model's alone, or as it is asked for. */
export async function bookPrice(
  asking: Pick<Asking, 'db'>,
  snapshot: Snapshot,
  { backend, upstreamModel }: Served,
  model: string,
  atMs: EpochMs,
): Promise<ModelPrice | null> {
  const provider = backendOf(backend.kind)?.providerOf(backend) ?? ''
  for (const name of new Set([`${provider}/${upstreamModel}`, upstreamModel, model])) {
    const price = priceOn(await snapshot.pricesOf(asking, name), dayOf(atMs))
    if (price) return price
  }
  return null
}
