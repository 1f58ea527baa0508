import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { GpuTime, Usd } from '../answer-fields.ts'
import { CATALOGUED_TYPES } from '../catalogue/catalogue.ts'
import { DAYS_IN_ORDER, DayRange, daysInOrder } from '../day-range.ts'
import { recognise } from '../ingest/importers/recognise-gpu.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readRules, ruleFor } from './rule-book.ts'
import { sumsByKind } from './unrecognised.ts'

export const RecognisedAsked = z.object(DayRange).refine(daysInOrder, DAYS_IN_ORDER)

/** By a rule, by a size of the catalogue, by the words of the line, or by a column of the file itself. */
const WAYS = ['rule', 'catalogue', 'text', 'file'] as const

const Kind = z.object({
  gpuType: z.string(),
  by: z.enum(WAYS),
  lineCount: z.number().int(),
  effectiveNanoUsd: Usd,
  gpuSeconds: GpuTime.nullable().describe('Capacity that was bought, as far as lines say; null: none says'),
})

export const Recognised = z.object({
  kinds: z.array(Kind).describe('The largest amount first'),
  recognisedNanoUsd: Usd,
  otherNanoUsd: Usd.describe('Lines of bills without a GPU type'),
  knownTypes: z.array(z.string()).describe('Types of the catalogue, of rules and of bills'),
})
type Recognised = z.output<typeof Recognised>

/** What stored lines of bills were recognised as, and how: told anew from what is stored of them. */
export async function recognised(scope: Scope, asked: z.output<typeof RecognisedAsked>): Promise<Recognised> {
  allow(scope, 'bill-rules:read')
  const book = await readRules(scope.db)
  const rows = await scope.db.all<Row>(sql`
    select p.provider, p.gpu_type as gpuType, d.service, d.sku, d.item, d.instance_type as instanceType,
      sum(k.lines) as lines, sum(k.effective) as effective, sum(k.capacity) as capacity
    from (${sumsByKind(asked)}) k join pools p on p.id = k.pool_id join cost_dimensions d on d.id = k.dimension_id
    where p.gpu_type <> '' group by 1, 2, 3, 4, 5, 6`)
  const [other] = await scope.db.all<{ sum: NanoUsd | null }>(sql`
    select sum(k.effective) as sum from (${sumsByKind(asked)}) k join pools p on p.id = k.pool_id where p.gpu_type = ''`)
  const kinds = new Map<string, z.output<typeof Kind>>()
  for (const row of rows) {
    const by = wayOf(book, row)
    const key = `${row.gpuType} ${by}`
    const kind = kinds.get(key) ?? {
      gpuType: row.gpuType,
      by,
      lineCount: 0,
      effectiveNanoUsd: nanoUsd(0n),
      gpuSeconds: null,
    }
    kind.lineCount += Number(row.lines)
    kind.effectiveNanoUsd = nanoUsd(kind.effectiveNanoUsd + row.effective)
    if (row.capacity !== null) kind.gpuSeconds = (kind.gpuSeconds ?? 0) + Number(row.capacity)
    kinds.set(key, kind)
  }
  const sorted = [...kinds.values()].sort((a, b) =>
    a.effectiveNanoUsd === b.effectiveNanoUsd ? 0 : a.effectiveNanoUsd > b.effectiveNanoUsd ? -1 : 1,
  )
  const types = [...CATALOGUED_TYPES, ...book.map(({ gpuType }) => gpuType), ...rows.map(({ gpuType }) => gpuType)]
  return {
    kinds: sorted,
    recognisedNanoUsd: nanoUsd(sorted.reduce((sum, { effectiveNanoUsd }) => sum + effectiveNanoUsd, 0n)),
    otherNanoUsd: other?.sum ?? nanoUsd(0n),
    knownTypes: [...new Set(types.filter((type) => type !== ''))].sort(),
  }
}

type Row = Record<'provider' | 'gpuType' | 'service' | 'sku' | 'item' | 'instanceType', string> & {
  lines: bigint
  effective: bigint
  capacity: bigint | null
}

function wayOf(book: Awaited<ReturnType<typeof readRules>>, row: Row): (typeof WAYS)[number] {
  if (ruleFor(book, row)?.gpuType === row.gpuType) return 'rule'
  const found = recognise({ ...row, serviceCategory: '', resourceType: '', skuMeter: '', skuPriceDetails: '' })
  return found?.gpuType === row.gpuType ? found.by : 'file'
}
