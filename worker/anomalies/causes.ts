import { sql } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { addDays, type Day, startOf } from '../../db/units/time.ts'
import { SERVING_TEAM } from '../deployments/serving-team.ts'
import type { Scope } from '../scope.ts'
import { pendingAdjustments } from '../statements/adjustments.ts'
import { readBook } from '../statements/book.ts'
import type { Term } from './bridge.ts'
import { filtersOf, type Series } from './series.ts'
import { dollars } from './words.ts'

export const CAUSE_KINDS = [
  ...(['bill_rate', 'gpu_price', 'model_price', 'currency_rate', 'restated', 'new_pool', 'new_account'] as const),
  ...(['deployment', 'adjustment'] as const),
] as const
export type Cause = { kind: (typeof CAUSE_KINDS)[number]; text: string; href: string | null }

/** An account that was not billed for so long is new. */
const NEW_DAYS = 60
/** A rate that moved less than this part is the rounding of a bill, and no cause. */
const RATE_MOVED = 0.02

type Row = Record<string, string | bigint | null>
type Facts = Record<
  'gpuPrices' | 'modelPrices' | 'rates' | 'restated' | 'pools' | 'accounts' | 'deployments',
  Row[]
> & {
  adjusted: ReadonlyMap<string, bigint>
}

/**
 * What the database knows to have changed on days: prices and rates that began, bills that were restated, pools and accounts
 * first billed, deployments that began or ended, closed months that differ from their bills since. Facts of the company are
 * read for who sees it whole; others get what belongs to prices and deployments.
 */
export async function readFacts({ db }: Pick<Scope, 'db'>, days: readonly Day[], isPartial: boolean): Promise<Facts> {
  const wanted = JSON.stringify([...new Set(days)])
  const instants = JSON.stringify([...new Set(days)].map((day) => [day, startOf(day), startOf(addDays(day, 1))]))
  const none = sql`select 1 where 0`
  const company = (statement: ReturnType<typeof sql>) => (isPartial ? none : statement)
  const on = sql`(select value as day from json_each(${wanted}))`
  const within = sql`(select value ->> 0 as day, value ->> 1 as fromMs, value ->> 2 as beforeMs from json_each(${instants}))`
  const answers = await readBatch(db, [
    sql`select g.effective_from as day, provider, gpu_type, per_gpu_hour_nano_usd as price, source
      from gpu_prices g join ${on} d on d.day = g.effective_from`,
    sql`select m.effective_from as day, model, source from model_prices m join ${on} d on d.day = m.effective_from`,
    company(sql`select r.effective_from as day, currency, usd_per_unit as rate from currency_rates r
      join ${on} d on d.day = r.effective_from`),
    company(sql`select x.day, p.provider, p.gpu_type, b.import_id as import, i.file_name as file
      from ${on} d join bill_days x on x.day = d.day join pools p on p.id = x.pool_id
        join bills b on b.id = x.bill_id and b.status = 'current' left join imports i on i.id = b.import_id
      where b.id <> 0 and exists (select 1 from bills o where o.superseded_by = b.id)
      union
      select c.entry_date, p.provider, p.gpu_type, c.changed_by, i.file_name
      from ${on} d join cost_entries c on c.entry_date = d.day join pools p on p.id = c.pool_id
        left join imports i on i.id = c.changed_by
      where c.bill_id = 0 and c.changed_by <> 0 and c.changed_by <> c.created_by`),
    company(sql`select x.day, p.provider, p.gpu_type,
        not exists (select 1 from pool_days e join pools q on q.id = e.pool_id
          where q.provider = p.provider and e.day < x.day and e.cost_nano_usd is not null) as isProvider
      from ${on} d join pool_days x on x.day = d.day join pools p on p.id = x.pool_id
      where x.cost_nano_usd is not null and not exists (select 1 from pool_days e
        where e.pool_id = x.pool_id and e.day < x.day and e.cost_nano_usd is not null)`),
    company(sql`select d.day, n.account
      from ${on} d join cost_entries c on c.entry_date > date(d.day, ${`-${NEW_DAYS} days`}) and c.entry_date <= d.day
        join bills b on b.id = c.bill_id and b.status = 'current' join cost_dimensions n on n.id = c.dimension_id
      where n.account <> '' group by 1, 2 having min(c.entry_date) = d.day`),
    sql`select d.day, x.model, x.provider, x.gpu_type, x.gpu_count as gpus,
        x.starts_at_ms >= d.fromMs and x.starts_at_ms < d.beforeMs as isStart
      from ${within} d join deployments x on (x.starts_at_ms >= d.fromMs and x.starts_at_ms < d.beforeMs)
        or (x.ends_at_ms >= d.fromMs and x.ends_at_ms < d.beforeMs)`,
  ])
  const [gpuPrices, modelPrices, rates, restated, pools, accounts, deployments] = answers.map(
    ({ rows }) => rows as unknown as Row[],
  ) as [Row[], Row[], Row[], Row[], Row[], Row[], Row[]]
  const adjusted = isPartial ? new Map<string, bigint>() : await adjustedMonths({ db }, days)
  return { gpuPrices, modelPrices, rates, restated, pools, accounts, deployments, adjusted }
}

/** What closed months among those of the days differ by from what they were closed with. */
async function adjustedMonths({ db }: Pick<Scope, 'db'>, days: readonly Day[]): Promise<Map<string, bigint>> {
  const months = new Set(days.map((day) => day.slice(0, 7)))
  const closed = await db.all<{ month: string }>(sql`select month from closed_months`)
  const sums = new Map<string, bigint>()
  if (!closed.some(({ month }) => months.has(month))) return sums
  for (const { month, amountNanoUsd } of pendingAdjustments(await readBook({ db })))
    if (months.has(month)) sums.set(month, (sums.get(month) ?? 0n) + amountNanoUsd)
  return sums
}

/** Which of the facts, and of the bridge's rates, may be behind one anomaly: of its day, its pools and its names. */
export function causesOf(series: Series, day: Day, terms: readonly Term[], facts: Facts): Cause[] {
  const { provider, gpuType, account, modelName, teamId } = filtersOf(series)
  const isMeant = (row: Row) =>
    row.day === day &&
    (!provider || provider.includes(String(row.provider))) &&
    (!gpuType || gpuType.includes(String(row.gpu_type)))
  // Of owners, only pools that they were in.
  const isOfOwner = Boolean(modelName || teamId) || series.kind !== 'owner'
  const isTouched = (row: Row) =>
    isMeant(row) &&
    (!isOfOwner || terms.some((term) => term.provider === row.provider && term.gpuType === row.gpu_type))
  const pool = (row: Row) => [row.provider, row.gpu_type].filter(Boolean).join(' ')
  const cause = (kind: Cause['kind'], text: string, href: string | null): Cause => ({ kind, text, href })
  const ofDay = (row: Row) => row.day === day
  const isTokens = series.dimension === 'tokens'
  const adjustment = facts.adjusted.get(day.slice(0, 7))
  return [
    ...ratesOf(terms),
    ...(isTokens ? [] : facts.gpuPrices.filter(isTouched)).map((row) =>
      cause(
        'gpu_price',
        `The price book’s GPU-hour of ${pool(row)} is ${dollars(nanoUsd(row.price as bigint))} from this day on (${row.source})`,
        '/prices',
      ),
    ),
    ...facts.modelPrices
      .filter((row) => ofDay(row) && (isTokens ? row.model === series.value : modelName?.includes(String(row.model))))
      .map((row) =>
        cause(
          'model_price',
          `The price book has another price of ${row.model} from this day on (${row.source})`,
          '/prices',
        ),
      ),
    ...(isTokens ? [] : facts.rates.filter(ofDay)).map((row) =>
      cause('currency_rate', `One ${row.currency} is ${row.rate} USD from this day on`, '/gpu-mapping'),
    ),
    ...oneEach(isTokens ? [] : facts.restated.filter(isTouched), (row) => String(row.import)).map((row) =>
      cause(
        'restated',
        `The bill of this day was restated by ${row.file || `import ${row.import}`}`,
        row.import ? `/imports/imp_${row.import}` : null,
      ),
    ),
    ...(isTokens ? [] : facts.pools.filter(isTouched)).map((row) =>
      cause(
        'new_pool',
        row.isProvider === 1n
          ? `${row.provider} was billed for the first time, with ${pool(row)}`
          : `${pool(row)} was billed for the first time`,
        null,
      ),
    ),
    ...(isTokens || isOfOwner ? [] : facts.accounts.filter(ofDay))
      .filter((row) => !account || account.includes(String(row.account)))
      .map((row) => cause('new_account', `Account ${row.account} was not billed in the ${NEW_DAYS} days before`, null)),
    ...(isTokens ? [] : facts.deployments.filter(isTouched))
      .filter((row) => !modelName || modelName.includes(String(row.model)) || modelName.includes(SERVING_TEAM))
      .map((row) =>
        cause(
          'deployment',
          `A deployment of ${row.model} on ${row.gpus} ${pool(row)} ${row.isStart === 1n ? 'began' : 'ended'}`,
          '/unit-economics',
        ),
      ),
    ...(adjustment && !isTokens
      ? [
          cause(
            'adjustment',
            `${day.slice(0, 7)} is closed, and its bills were restated since by ${dollars(nanoUsd(adjustment))}: the next statement has it as an adjustment`,
            '/statements',
          ),
        ]
      : []),
  ]
}

/** Pools whose bill had another rate than on the days before. */
function ratesOf(terms: readonly Term[]): Cause[] {
  return terms
    .filter(({ kind, beforeGpuMs, afterGpuMs }) => kind === 'price' && beforeGpuMs && afterGpuMs)
    .map((term) => ({
      term,
      was: rateOf(term.beforeNanoUsd, term.beforeGpuMs),
      is: rateOf(term.afterNanoUsd, term.afterGpuMs),
    }))
    .filter(({ was, is }) => was !== 0n && Math.abs(Number(is - was)) > RATE_MOVED * Math.abs(Number(was)))
    .map(({ term, was, is }) => ({
      kind: 'bill_rate',
      text: `A GPU-hour of ${term.provider} ${term.gpuType} cost ${dollars(nanoUsd(is))} instead of ${dollars(nanoUsd(was))}`,
      href: null,
    }))
}

/** Of a GPU-hour. */
function rateOf(cost: bigint, gpuMs: bigint | null): bigint {
  return gpuMs ? (cost * 3_600_000n) / gpuMs : 0n
}

function oneEach<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()]
}
