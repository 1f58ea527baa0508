import { and, desc, eq, lte } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import type { PriceId } from '../../db/units/ids.ts'
import type { Day } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import { RATE_NAMES } from '../gateway/pricing/price.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'
import { cataloguedRates } from './catalogue/index.ts'
import { type ModelPriceAlone, type OwnModelPrice, type PriceTexts, priceRow, textsOf } from './price-fields.ts'
import { jumpsBetween, requireSane } from './sanity.ts'

type Reader = Pick<Scope['db'], 'select'>

/** One price of the company's. @throws HelioxError not_found `prices.no_price` */
export async function modelPrice(scope: Scope, { id }: { id: PriceId }): Promise<ModelPriceAlone> {
  allow(scope, 'prices:read')
  return versioned(await readModelPrice(scope.db, id))
}

/** The stored price. @throws HelioxError not_found `prices.no_price` */
export async function readModelPrice(reader: Reader, id: PriceId): Promise<OwnModelPrice> {
  const [row] = await reader.select().from(modelPrices).where(eq(modelPrices.id, id))
  if (!row) throw new HelioxError('not_found', 'prices.no_price', `There is no price ${id}`)
  return priceRow(row)
}

/** What the audit log calls it. */
export function nameOf({ model, effectiveFrom }: Pick<OwnModelPrice, 'model' | 'effectiveFrom'>): string {
  return `${model} from ${effectiveFrom}`
}

/** A day has one price. @throws HelioxError conflict `prices.day_taken` */
export async function requireFreeDay(tx: Tx, model: string, day: Day, except?: PriceId): Promise<void> {
  const [other] = await tx
    .select({ id: modelPrices.id })
    .from(modelPrices)
    .where(and(eq(modelPrices.model, model), eq(modelPrices.effectiveFrom, day)))
  if (!other || other.id === except) return
  const message = `${model} has a price from ${day} already, ${other.id}: change that one`
  throw new HelioxError('conflict', 'prices.day_taken', message)
}

/**
 * A price may be a hundred times the one before it (of the catalogue where there is none) only with `confirm`.
 *
 * @throws HelioxError conflict `prices.jump`, what jumps in its details
 */
export async function requireLikely(
  tx: Tx,
  price: { model: string; effectiveFrom: Day; id?: PriceId } & PriceTexts,
  confirm: boolean | undefined,
): Promise<void> {
  const rows = await tx
    .select()
    .from(modelPrices)
    .where(and(eq(modelPrices.model, price.model), lte(modelPrices.effectiveFrom, price.effectiveFrom)))
    .orderBy(desc(modelPrices.effectiveFrom))
    .limit(2)
  const last = rows.find(({ id }) => id !== price.id)
  const before = last ? textsOf(last).rates : cataloguedRates(price.model)
  if (before === null) return
  const against = last ? `the price from ${last.effectiveFrom}` : 'the list price of the catalogue'
  requireSane(jumpsBetween(before, price), confirm, against)
}

/** The columns of a price. */
export function columnsOf({ rates, variants }: PriceTexts) {
  const { input = '', output = '' } = rates
  const others = RATE_NAMES.map((name) => [name, rates[name] ?? null])
  const columns = Object.fromEntries(others) as Record<
    'cachedInput' | 'cacheWrite' | 'cacheWriteLong' | 'reasoning',
    string | null
  >
  return { ...columns, input, output, variantsJson: JSON.stringify(variants) }
}
