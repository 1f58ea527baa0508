import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeBatch } from '../../db/client.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import { type Day, dayOf } from '../../db/units/time.ts'
import { AnsweredDay } from '../answer-fields.ts'
import { noteStatement } from '../audit/note.ts'
import { DayText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { cataloguedRates } from './catalogue/index.ts'
import { pricesInUse } from './in-use.ts'
import { type MapEntry, readLitellm } from './litellm.ts'
import { columnsOf } from './model-price.ts'
import { ModelPriceFacts as Facts, factsOf, type ModelPriceFacts, type PriceTexts, textsOf } from './price-fields.ts'
import { jumpsBetween } from './sanity.ts'

const Flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1'),
])

export const PriceImport = z.object({
  format: z.enum(['litellm']).default('litellm'),
  dryRun: Flag.default(false).describe('Says what would change, and changes nothing'),
  confirm: Flag.default(false).describe('Takes prices that are a hundred times the ones before, or a hundredth'),
  effectiveFrom: DayText.optional().describe('First UTC day the prices hold for; absent: today'),
})

const ImportRow = z.object({
  model: z.string(),
  outcome: z.enum(['new', 'changed', 'refused']),
  reason: z.string().nullable().describe('Why it is refused'),
  before: Facts.nullable().describe('What held before: the company’s price, else the catalogue’s'),
  after: Facts.nullable(),
})
type ImportRow = z.output<typeof ImportRow>

const count = () => z.number().int()
export const ImportedPrices = z.object({
  isDryRun: z.boolean(),
  effectiveFrom: AnsweredDay,
  totalCount: count().describe('Entries of the file: the five below together'),
  newCount: count(),
  changedCount: count(),
  unchangedCount: count(),
  refusedCount: count(),
  skippedCount: count().describe('Without a price of tokens, such as images and speech'),
  roundedCount: count().describe('Prices with more than 12 decimals a million tokens, rounded there'),
  skipped: z.array(z.object({ why: z.string(), count: count() })),
  unread: z
    .array(z.object({ field: z.string(), count: count() }))
    .describe('Fields with prices that are not calculated with'),
  rows: z.array(ImportRow).describe('Changed, refused and new ones, in this order; at most 1000'),
  leftOutCount: count().describe('Rows beyond those'),
})
export type ImportedPrices = z.output<typeof ImportedPrices>

const MOST_ROWS = 1_000
/** Prices with this source came from such a file, and another file may change them; all others are the company's own word. */
const SOURCE = 'LiteLLM price map'

type Known = ReturnType<typeof knownOf>

/**
 * Takes the prices of a LiteLLM price map into the book from a day on, or says what that would change. A price is added where
 * it differs from what holds on that day; the same file again changes nothing. A model whose price somebody entered keeps it.
 *
 * @throws HelioxError invalid `prices.not_json`
 */
export async function importPrices(
  scope: Scope,
  asked: z.output<typeof PriceImport>,
  text: string,
): Promise<ImportedPrices> {
  allow(scope, 'prices:write')
  const effectiveFrom = asked.effectiveFrom ?? dayOf(scope.now())
  const entries = readLitellm(text)
  const rows = await scope.db.select().from(modelPrices)
  const used = await pricesInUse(
    scope.db,
    rows.filter((row) => row.effectiveFrom === effectiveFrom),
  )
  const known = Map.groupBy(rows.map(knownOf), ({ model }) => model)
  const judged = entries.map((entry) => judge(entry, known.get(entry.model) ?? [], used, effectiveFrom, asked.confirm))
  const taken = judged.filter(({ outcome }) => outcome === 'new' || outcome === 'changed')
  const answer = answerOf(judged, entries, effectiveFrom, asked.dryRun)
  if (!asked.dryRun && taken.length > 0) await store(scope, taken, effectiveFrom, answer)
  return answer
}

type Judged = { model: string; outcome: ImportRow['outcome'] | 'unchanged' | 'skipped'; reason: string | null } & {
  before: ModelPriceFacts | null
  after: ModelPriceFacts | null
  price: PriceTexts | null
}

function knownOf(row: typeof modelPrices.$inferSelect) {
  const { id, model, effectiveFrom, source } = row
  return { id, model, effectiveFrom, source, ...textsOf(row) }
}

function judge(
  entry: MapEntry,
  known: readonly Known[],
  used: ReadonlySet<string>,
  effectiveFrom: Day,
  isConfirmed: boolean,
): Judged {
  const { model } = entry
  const plain = { model, reason: null, before: null, after: null, price: null }
  if (entry.is === 'skipped') return { ...plain, outcome: 'skipped' }
  if (entry.is === 'refused') return { ...plain, outcome: 'refused', reason: entry.reason }
  const held = known
    .filter((one) => one.effectiveFrom <= effectiveFrom)
    .reduce<Known | null>((last, one) => (last && last.effectiveFrom > one.effectiveFrom ? last : one), null)
  const price = { rates: entry.rates, variants: entry.variants }
  const source = `${SOURCE}, imported for ${effectiveFrom}`
  const before = held && factsOf(held)
  const after = factsOf({ model, effectiveFrom, source, ...price })
  const judged = { ...plain, before, after, price }
  if (held && isSame(held, price)) return { ...judged, outcome: 'unchanged' }
  const refused = (reason: string): Judged => ({ ...judged, outcome: 'refused', reason })
  if (held && !held.source.startsWith(SOURCE))
    return refused(`has a price of the company’s own from ${held.effectiveFrom} (${held.source}), which stays`)
  if (held && held.effectiveFrom === effectiveFrom && used.has(held.id))
    return refused(`calls were billed with its price from ${effectiveFrom}: import it for a later day`)
  const against = held?.rates ?? cataloguedRates(model)
  const jumps = against && !isConfirmed ? jumpsBetween(against, price) : []
  if (jumps.length > 0) return refused(`jumps a hundredfold, which needs confirm: ${jumps.join('; ')}`)
  return { ...judged, outcome: held ? 'changed' : 'new' }
}

function isSame(one: PriceTexts, other: PriceTexts): boolean {
  const { variantsJson: a, ...ours } = columnsOf(one)
  const { variantsJson: b, ...theirs } = columnsOf(other)
  const keys = Object.keys(ours) as (keyof typeof ours)[]
  return keys.every((key) => ours[key] === theirs[key]) && sorted(a) === sorted(b)
}

/** The same variants with their fields in one order. */
function sorted(variantsJson: string): string {
  const list = JSON.parse(variantsJson) as Record<string, unknown>[]
  return JSON.stringify(list.map((one) => Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))))
}

function answerOf(
  judged: readonly Judged[],
  entries: readonly MapEntry[],
  effectiveFrom: Day,
  isDryRun: boolean,
): ImportedPrices {
  const of = (outcome: Judged['outcome']) => judged.filter((one) => one.outcome === outcome)
  const shown = [...of('changed'), ...of('refused'), ...of('new')]
  const tally = (names: readonly string[]) =>
    [...Map.groupBy(names, (name) => name)]
      .map(([name, all]) => ({ name, count: all.length }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
  return {
    ...{ isDryRun, effectiveFrom, totalCount: entries.length },
    ...{ newCount: of('new').length, changedCount: of('changed').length, unchangedCount: of('unchanged').length },
    ...{ refusedCount: of('refused').length, skippedCount: of('skipped').length },
    roundedCount: entries.filter((one) => one.is === 'price' && one.isRounded).length,
    skipped: tally(entries.flatMap((one) => (one.is === 'skipped' ? [one.why] : []))).map(({ name, count }) => ({
      ...{ why: name, count },
    })),
    unread: tally(entries.flatMap((one) => (one.is === 'price' ? one.unread : []))).map(({ name, count }) => ({
      ...{ field: name, count },
    })),
    rows: shown.slice(0, MOST_ROWS).map(({ model, outcome, reason, before, after }) => ({
      ...{ model, outcome: outcome as ImportRow['outcome'], reason, before, after },
    })),
    leftOutCount: Math.max(0, shown.length - MOST_ROWS),
  }
}

/** All of them and the line of the audit log, or none. */
async function store(
  scope: Scope,
  taken: readonly Judged[],
  effectiveFrom: Day,
  answer: ImportedPrices,
): Promise<void> {
  const list = taken.flatMap(({ model, price, after }) =>
    price ? [{ model, source: after?.source ?? SOURCE, ...columnsOf(price) }] : [],
  )
  const said = (name: string) => sql.raw(`value ->> '$.${name}'`)
  const { newCount, changedCount, unchangedCount, refusedCount } = answer
  await writeBatch(scope.db, [
    sql`insert into model_prices (model, effective_from, input_usd_per_million, output_usd_per_million,
        cached_input_usd_per_million, cache_write_usd_per_million, cache_write_1h_usd_per_million,
        reasoning_usd_per_million, variants_json, source, created_at_ms)
      select ${said('model')}, ${effectiveFrom}, ${said('input')}, ${said('output')}, ${said('cachedInput')},
        ${said('cacheWrite')}, ${said('cacheWriteLong')}, ${said('reasoning')}, ${said('variantsJson')},
        ${said('source')}, ${BigInt(scope.now())}
      from json_each(${JSON.stringify(list)}) where true
      on conflict (model, effective_from) do update set
        input_usd_per_million = excluded.input_usd_per_million,
        output_usd_per_million = excluded.output_usd_per_million,
        cached_input_usd_per_million = excluded.cached_input_usd_per_million,
        cache_write_usd_per_million = excluded.cache_write_usd_per_million,
        cache_write_1h_usd_per_million = excluded.cache_write_1h_usd_per_million,
        reasoning_usd_per_million = excluded.reasoning_usd_per_million,
        variants_json = excluded.variants_json, source = excluded.source`,
    noteStatement(scope, {
      ...{ action: 'prices.import', targetId: '', target: `${SOURCE} from ${effectiveFrom}` },
      after: { effectiveFrom, newCount, changedCount, unchangedCount, refusedCount },
    }),
  ])
}
