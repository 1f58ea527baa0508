import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { NanoUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { AnsweredDay, PageOf, pageOf, Usd } from '../answer-fields.ts'
import { DAYS_IN_ORDER, DayRange, daysInOrder, windowOf } from '../day-range.ts'
import { LineText, NormalName, Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { matchingSql } from './matching.ts'
import { OF_CURRENT_BILLS } from './moves.ts'
import { readRules } from './rule-book.ts'

export const UnrecognisedAsked = z
  .object({
    ...Paging,
    ...DayRange,
    provider: NormalName.optional(),
    search: LineText(200).optional().describe('Part of service, SKU, item or instance type'),
    scope: z
      .enum(['likely', 'all'])
      .default('likely')
      .describe('likely: of services that rent out machines or serve models, or that speak of GPUs; all: every line'),
  })
  .refine(daysInOrder, DAYS_IN_ORDER)

const Line = z.object({
  provider: z.string(),
  service: z.string(),
  sku: z.string(),
  item: z.string(),
  instanceType: z.string(),
  lineCount: z.number().int(),
  billedNanoUsd: Usd,
  effectiveNanoUsd: Usd,
  billedHours: z.number().nullable().describe('Hours of the billed units; null: the bill does not count hours'),
  firstDay: AnsweredDay,
  lastDay: AnsweredDay,
})

export const UnrecognisedPage = PageOf('lines', Line).extend({
  totalEffectiveNanoUsd: Usd.describe('Of all lines that the question is about'),
})
type UnrecognisedPage = z.output<typeof UnrecognisedPage>

/**
 * Words of services and items behind which GPU time may stand unrecognised; disks, traffic and people's help beside them
 * may not. What is left out is under `all`.
 */
const LIKELY = [
  'compute',
  'virtual machine',
  'machine learning',
  'sagemaker',
  'vertex',
  'cloud run',
  'container',
  'gpu',
]
const LIKELY_TOO = [
  'kubernetes',
  'batch',
  'inference',
  'training',
  'instance',
  'nvidia',
  'accelerator',
  'node',
  'server',
]
const UNLIKELY = ['storage', 'volume', 'snapshot', 'transfer', 'bandwidth', 'ip address', 'support', 'licen', 'disk']

/**
 * Stored lines of bills that were not recognised as GPU time, added up by what they charge for, the largest amount first.
 * Lines that a rule calls no GPU are settled and not listed; neither is tax.
 */
export async function unrecognised(scope: Scope, asked: z.output<typeof UnrecognisedAsked>): Promise<UnrecognisedPage> {
  allow(scope, 'bill-rules:read')
  const settled = (await readRules(scope.db)).filter(({ gpuType }) => gpuType === '').map(matchingSql)
  const conditions: SQL[] = [
    sql`d.charge_category <> 'Tax'`,
    ...settled.map((rule) => sql`not ${rule}`),
    ...(asked.provider === undefined ? [] : [sql`p.provider = ${asked.provider}`]),
    ...(asked.search === undefined || asked.search === '' ? [] : [said(asked.search)]),
    ...(asked.scope === 'all' ? [] : [isLikely()]),
  ]
  const kinds = sql`
    select p.provider, d.service, d.sku, d.item, d.instance_type, sum(k.lines) as lines, sum(k.billed) as billed,
      sum(k.effective) as effective, sum(k.seconds) as seconds, min(k.first_day) as first_day, max(k.last_day) as last_day
    from (${sumsByKind(asked)}) k join pools p on p.id = k.pool_id and p.gpu_type = ''
      join cost_dimensions d on d.id = k.dimension_id
    where ${sql.join(conditions, sql` and `)} group by 1, 2, 3, 4, 5`
  const { skip, limit } = asked
  const rows = await scope.db.all<Row>(sql`with kinds as materialized (${kinds})
    select kinds.*, (select count(*) from kinds) as total, (select sum(effective) from kinds) as whole from kinds
    order by abs(effective) desc, provider, service, sku, item, instance_type
    limit ${BigInt(limit)} offset ${BigInt(skip)}`)
  const [first] =
    rows.length > 0
      ? rows
      : await scope.db.all<Pick<Row, 'total' | 'whole'>>(
          sql`select count(*) as total, sum(effective) as whole from (${kinds})`,
        )
  const page = pageOf('lines', rows.map(lineOf), Number(first?.total ?? 0), asked, false)
  return { ...page, totalEffectiveNanoUsd: first?.whole ?? (0n as NanoUsd) }
}

/** Sums of entries on current bills by pool and dimension: integers first, texts after. */
export function sumsByKind(asked: { start?: Day | undefined; end?: Day | undefined }): SQL {
  const window = windowOf(asked)
  const days = window ? sql`where c.entry_date >= ${window.from} and c.entry_date < ${window.before}` : sql``
  return sql`select c.pool_id, c.dimension_id, sum(c.line_count) as lines, sum(c.billed_nano_usd) as billed,
      sum(c.effective_nano_usd) as effective, sum(c.usage_seconds) as seconds, sum(c.capacity_gpu_seconds) as capacity,
      min(c.entry_date) as first_day, max(c.entry_date) as last_day
    from ${OF_CURRENT_BILLS} ${days} group by c.pool_id, c.dimension_id`
}

type Row = Record<'provider' | 'service' | 'sku' | 'item' | 'instance_type', string> & {
  lines: bigint
  billed: NanoUsd
  effective: NanoUsd
  seconds: bigint | null
  first_day: Day
  last_day: Day
  total: bigint
  whole: NanoUsd | null
}

function lineOf(row: Row): z.output<typeof Line> {
  const { provider, service, sku, item, lines, billed, effective, seconds } = row
  return {
    ...{ provider, service, sku, item, instanceType: row.instance_type, lineCount: Number(lines) },
    ...{ billedNanoUsd: billed, effectiveNanoUsd: effective, firstDay: row.first_day, lastDay: row.last_day },
    billedHours: seconds === null ? null : Math.round(Number(seconds) / 3.6) / 1000,
  }
}

const TEXT = sql.raw(`lower(d.service || ' ' || d.sku || ' ' || d.item || ' ' || d.instance_type)`)

function said(words: string): SQL {
  return sql`instr(${TEXT}, lower(${words})) > 0`
}

function isLikely(): SQL {
  const names = (words: readonly string[]) =>
    sql.join(
      words.map((word) => sql`instr(${TEXT}, ${word}) > 0`),
      sql` or `,
    )
  return sql`(d.instance_type <> '' or ((${names([...LIKELY, ...LIKELY_TOO])}) and not (${names(UNLIKELY)})))`
}
