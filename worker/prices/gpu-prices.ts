import { and, desc, eq, lte, ne } from 'drizzle-orm'
import { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { gpuPrices } from '../../db/schema/prices.ts'
import type { Id } from '../../db/units/ids.ts'
import { nanoUsd, readUsd, toNanoUsd, usdText } from '../../db/units/money.ts'
import { type Day, dayOf } from '../../db/units/time.ts'
import { AnsweredDay, AnsweredId, Instant, Version } from '../answer-fields.ts'
import { note } from '../audit/note.ts'
import { listPriceOf } from '../catalogue/list-price.ts'
import { HelioxError } from '../errors.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion, versioned } from '../versions.ts'
import type { GpuPriceChange, NewGpuPrice } from './price-input.ts'
import { isJump, requireSane } from './sanity.ts'

export const GpuPriceFacts = z.object({
  provider: z.string(),
  gpuType: z.string(),
  effectiveFrom: AnsweredDay.describe('First UTC day it holds for'),
  usdPerGpuHour: z
    .string()
    .describe('US dollars for an hour of one GPU: exact decimal text')
    .meta({ examples: ['2.49'] }),
  source: z.string().describe('Who says so'),
})
export const GpuPrice = GpuPriceFacts.extend({ id: AnsweredId('gprice'), createdAtMs: Instant })
export type GpuPrice = z.output<typeof GpuPrice>
export const GpuPriceAlone = GpuPrice.extend({ version: Version })
export type GpuPriceAlone = z.output<typeof GpuPriceAlone>

type Row = typeof gpuPrices.$inferSelect

export function gpuPriceRow({ perGpuHourNanoUsd, ...row }: Row): GpuPrice {
  return { ...row, usdPerGpuHour: usdText(perGpuHourNanoUsd) }
}

/** One price of a GPU-hour. @throws HelioxError not_found `prices.no_gpu_price` */
export async function gpuPrice(scope: Scope, { id }: { id: Id<'gprice'> }): Promise<GpuPriceAlone> {
  allow(scope, 'prices:read')
  return versioned(await readGpuPrice(scope.db, id))
}

async function readGpuPrice(reader: Pick<Scope['db'], 'select'>, id: Id<'gprice'>): Promise<GpuPrice> {
  const [row] = await reader.select().from(gpuPrices).where(eq(gpuPrices.id, id))
  if (!row) throw new HelioxError('not_found', 'prices.no_gpu_price', `There is no GPU price ${id}`)
  return gpuPriceRow(row)
}

/**
 * Dates what a GPU-hour costs at a provider, over the shipped catalogue.
 *
 * @throws HelioxError conflict `prices.day_taken`, `prices.jump`
 */
export async function createGpuPrice(scope: Scope, input: z.output<typeof NewGpuPrice>): Promise<GpuPriceAlone> {
  allow(scope, 'prices:write')
  const { provider, gpuType, usdPerGpuHour, effectiveFrom = dayOf(scope.now()), source, confirm } = input
  const price = { provider, gpuType, usdPerGpuHour, effectiveFrom }
  return writeTransaction(scope.db, async (tx) => {
    await requireFree(tx, price)
    await requireLikely(tx, price, confirm)
    const [row] = await tx
      .insert(gpuPrices)
      .values({
        ...{ provider, gpuType, effectiveFrom, perGpuHourNanoUsd: nanoOf(usdPerGpuHour) },
        ...{ source: source || 'by hand', createdAtMs: scope.now() },
      })
      .returning()
    if (!row) throw new Error('the price was not stored')
    const made = gpuPriceRow(row)
    await note(tx, scope, { action: 'gpu_prices.create', targetId: made.id, target: nameOf(made), after: made })
    return versioned(made)
  })
}

/**
 * Changes the price of a GPU-hour.
 *
 * @throws HelioxError not_found `prices.no_gpu_price`; precondition `request.version_changed`; conflict `prices.day_taken`,
 * `prices.jump`
 */
export async function updateGpuPrice(scope: Scope, input: z.output<typeof GpuPriceChange>): Promise<GpuPriceAlone> {
  allow(scope, 'prices:write')
  const { id, version, source, confirm } = input
  return writeTransaction(scope.db, async (tx) => {
    const before = await readGpuPrice(tx, id)
    requireVersion(before, version)
    const after: GpuPrice = {
      ...before,
      provider: input.provider ?? before.provider,
      gpuType: input.gpuType ?? before.gpuType,
      usdPerGpuHour: input.usdPerGpuHour ?? before.usdPerGpuHour,
      effectiveFrom: input.effectiveFrom ?? before.effectiveFrom,
      source: source === undefined ? before.source : source || 'by hand',
    }
    await requireFree(tx, after, id)
    if (after.usdPerGpuHour !== before.usdPerGpuHour) await requireLikely(tx, after, confirm, id)
    const { provider, gpuType, effectiveFrom, usdPerGpuHour } = after
    await tx
      .update(gpuPrices)
      .set({ provider, gpuType, effectiveFrom, source: after.source, perGpuHourNanoUsd: nanoOf(usdPerGpuHour) })
      .where(eq(gpuPrices.id, id))
    if (isChanged(before, after))
      await note(tx, scope, { action: 'gpu_prices.update', targetId: id, target: nameOf(after), before, after })
    return versioned(after)
  })
}

export const GpuPriceRemoval = z.object({ id: IdText('gprice'), version: SeenVersion })

/** Takes it away: the one before it holds, else the catalogue's. @throws HelioxError not_found `prices.no_gpu_price` */
export async function removeGpuPrice(scope: Scope, { id, version }: z.output<typeof GpuPriceRemoval>): Promise<void> {
  allow(scope, 'prices:write')
  await writeTransaction(scope.db, async (tx) => {
    const before = await readGpuPrice(tx, id)
    requireVersion(before, version)
    await tx.delete(gpuPrices).where(eq(gpuPrices.id, id))
    await note(tx, scope, { action: 'gpu_prices.remove', targetId: id, target: nameOf(before), before, after: null })
  })
}

type Priced = Pick<GpuPrice, 'provider' | 'gpuType' | 'effectiveFrom' | 'usdPerGpuHour'>

async function requireFree(tx: Tx, { provider, gpuType, effectiveFrom }: Priced, except?: Id<'gprice'>): Promise<void> {
  const same = and(eq(gpuPrices.provider, provider), eq(gpuPrices.gpuType, gpuType))
  const [other] = await tx
    .select({ id: gpuPrices.id })
    .from(gpuPrices)
    .where(and(same, eq(gpuPrices.effectiveFrom, effectiveFrom), except && ne(gpuPrices.id, except)))
  if (!other) return
  const message = `${gpuType} at ${provider} has a price from ${effectiveFrom} already, ${other.id}: change that one`
  throw new HelioxError('conflict', 'prices.day_taken', message)
}

async function requireLikely(
  tx: Tx,
  { provider, gpuType, effectiveFrom, usdPerGpuHour }: Priced,
  confirm: boolean | undefined,
  except?: Id<'gprice'>,
): Promise<void> {
  const before = await ownPriceOn(tx, provider, gpuType, effectiveFrom, except)
  const listed = listPriceOf(provider, gpuType)
  const last = before ? usdText(before.perGpuHourNanoUsd) : listed && usdText(nanoUsd(listed.nanoUsdPerGpuHour))
  if (!last || !isJump(last, usdPerGpuHour)) return
  const against = before ? `the price from ${before.effectiveFrom}` : 'the list price of the catalogue'
  requireSane([`GPU-hour: ${last} → ${usdPerGpuHour}`], confirm, against)
}

async function ownPriceOn(
  reader: Pick<Scope['db'], 'select'>,
  provider: string,
  gpuType: string,
  day: Day,
  except?: Id<'gprice'>,
): Promise<Row | undefined> {
  const [row] = await reader
    .select()
    .from(gpuPrices)
    .where(
      and(
        ...[eq(gpuPrices.provider, provider), eq(gpuPrices.gpuType, gpuType), lte(gpuPrices.effectiveFrom, day)],
        except && ne(gpuPrices.id, except),
      ),
    )
    .orderBy(desc(gpuPrices.effectiveFrom))
    .limit(1)
  return row
}

/**
 * Door: what an hour of one GPU costs on a day by the company's own list, else by the shipped catalogue, and whose word that
 * is; null: nobody says, which is not free.
 */
export async function gpuPriceOn(
  { db }: Pick<Scope, 'db'>,
  provider: string,
  gpuType: string,
  day: Day,
): Promise<{ nanoUsdPerGpuHour: bigint; source: string } | null> {
  const own = await ownPriceOn(db, provider, gpuType, day)
  if (own) return { nanoUsdPerGpuHour: own.perGpuHourNanoUsd, source: `${own.source}, from ${own.effectiveFrom}` }
  const listed = listPriceOf(provider, gpuType)
  return listed && { nanoUsdPerGpuHour: listed.nanoUsdPerGpuHour, source: `${listed.source}; as of ${listed.asOf}` }
}

function nanoOf(text: string) {
  const exact = readUsd(text)
  if (!exact) throw new Error(`not an amount: ${text}`)
  return toNanoUsd(exact)
}

function nameOf({ gpuType, provider, effectiveFrom }: Priced): string {
  return `${gpuType} at ${provider} from ${effectiveFrom}`
}
