import { z } from 'zod'
import { gpuPrices } from '../../db/schema/prices.ts'
import { nanoUsd, usdText } from '../../db/units/money.ts'
import { type Day, dayOf } from '../../db/units/time.ts'
import { AnsweredId, Instant, PageOf, pageOf } from '../answer-fields.ts'
import { SIZES } from '../catalogue/catalogue.ts'
import { listPriceOf } from '../catalogue/list-price.ts'
import { Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { GpuPriceFacts, gpuPriceRow } from './gpu-prices.ts'

export const GpuPricesAsked = z.object({
  ...Paging,
  search: z.string().max(200).optional().describe('Part of the provider or the GPU type'),
  from: z.enum(['all', 'company', 'catalogue']).default('all'),
})

export const ListedGpuPrice = GpuPriceFacts.extend({
  id: AnsweredId('gprice').nullable().describe('null: of the shipped catalogue'),
  createdAtMs: Instant.nullable(),
  isInForce: z.boolean().describe('What holds today'),
})
type ListedGpuPrice = z.output<typeof ListedGpuPrice>
export const GpuPricesPage = PageOf('prices', ListedGpuPrice)

/** Prices of GPU-hours by provider and type, the newest first, with their history; the catalogue's after the company's. */
export async function listGpuPrices(
  scope: Scope,
  asked: z.output<typeof GpuPricesAsked>,
): Promise<z.output<typeof GpuPricesPage>> {
  allow(scope, 'prices:read')
  const { skip, limit, search = '', from } = asked
  const part = search.trim().toLowerCase()
  const own = await scope.db.select().from(gpuPrices)
  const today = dayOf(scope.now())
  const all: ListedGpuPrice[] = [
    ...own.map((row) => ({ ...gpuPriceRow(row), isInForce: false })),
    ...catalogued(),
  ].filter(({ provider, gpuType }) => `${provider} ${gpuType}`.toLowerCase().includes(part))
  const key = ({ provider, gpuType }: ListedGpuPrice) => `${provider}\n${gpuType}`
  all.sort(
    (a, b) =>
      (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) ||
      Number(a.id === null) - Number(b.id === null) ||
      (a.effectiveFrom < b.effectiveFrom ? 1 : -1),
  )
  const decided = new Set<string>()
  for (const one of all) {
    if (decided.has(key(one)) || (one.id !== null && one.effectiveFrom > today)) continue
    one.isInForce = true
    decided.add(key(one))
  }
  const shown = all.filter(({ id }) => from === 'all' || (id === null) === (from === 'catalogue'))
  return pageOf('prices', shown.slice(skip, skip + limit), shown.length, asked, false)
}

function catalogued(): ListedGpuPrice[] {
  const kinds = new Map(SIZES.map(({ provider, gpuType }) => [`${provider}\n${gpuType}`, { provider, gpuType }]))
  return [...kinds.values()].flatMap(({ provider, gpuType }) => {
    const price = listPriceOf(provider, gpuType)
    if (!price) return []
    const usdPerGpuHour = usdText(nanoUsd(price.nanoUsdPerGpuHour))
    const facts = { provider, gpuType, usdPerGpuHour, effectiveFrom: price.asOf as Day }
    return [{ id: null, ...facts, source: price.source, createdAtMs: null, isInForce: false }]
  })
}
