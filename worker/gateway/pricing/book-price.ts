import type { NanoUsd } from '../../../db/units/money.ts'
import { dayOf, type EpochMs } from '../../../db/units/time.ts'
import type { Asking } from '../../asking.ts'
import { backendOf } from '../backends/index.ts'
import type { Call } from '../call.ts'
import type { Served, Snapshot } from '../snapshot.ts'
import type { TokenCounts } from '../tokens/counts.ts'
import { priceIn } from './book.ts'
import { costOf } from './cost.ts'
import type { ModelPrice } from './price.ts'

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

/** The price of what is served, see `priceIn`. */
export async function bookPrice(
  asking: Pick<Asking, 'db'>,
  snapshot: Snapshot,
  { backend, upstreamModel }: Served,
  model: string,
  atMs: EpochMs,
): Promise<ModelPrice | null> {
  const provider = backendOf(backend.kind)?.providerOf(backend) ?? ''
  return priceIn((name) => snapshot.pricesOf(asking, name), { provider, upstreamModel, asked: model }, dayOf(atMs))
}
