import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { idText } from '../../db/units/ids.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { GpuTime, Usd } from '../answer-fields.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { fieldsOf } from './create-rule.ts'
import { type GpuRule, readRule } from './gpu-rule.ts'
import {
  type Affected,
  type Asker,
  IS_OTHER,
  MOVE_OF_ENTRY,
  type Move,
  movesAfter,
  movesTable,
  NEW_CAPACITY,
  OF_CURRENT_BILLS,
} from './moves.ts'
import { type RuleBook, readRules } from './rule-book.ts'
import { RuledType, RuleFields } from './rule-input.ts'
import { affectedBy, changedRule } from './update-rule.ts'

export const PreviewAsked = z.object({
  ...RuleFields,
  gpuType: RuledType.optional(),
  id: IdText('rule').optional().describe('The rule that is changed or removed; absent: a new one'),
  isRemoved: z.boolean().optional().describe('The rule is taken away'),
})

const Part = z.object({
  provider: z.string(),
  fromType: z.string().describe('Empty: not recognised as a GPU'),
  toType: z.string().describe('Empty: no GPU'),
  lineCount: z.number().int(),
  effectiveNanoUsd: Usd,
  gpuSeconds: GpuTime.nullable().describe('Capacity that these lines buy afterwards; null: not known'),
})

export const Preview = z.object({
  entryCount: z.number().int().describe('Entries of the ledger that would change'),
  lineCount: z.number().int().describe('Lines of bills behind them'),
  billedNanoUsd: Usd,
  effectiveNanoUsd: Usd.describe('What would be shared in another pool, or over another capacity'),
  parts: z.array(Part).describe('By what they are now and would be, the largest amount first'),
})
export type Preview = z.output<typeof Preview>

/**
 * What a rule would move, without moving it.
 *
 * @throws HelioxError not_found `gpu_rules.no_rule`; invalid `gpu_rules.no_condition`, `gpu_rules.count_without_type`
 */
export async function previewRule(scope: Scope, asked: z.output<typeof PreviewAsked>): Promise<Preview> {
  allow(scope, 'bill-rules:write')
  const { book, affected } = await asIf(scope, asked)
  return wouldMove(scope.db, await movesAfter(scope.db, book, affected))
}

async function asIf(
  { db, now }: Scope,
  asked: z.output<typeof PreviewAsked>,
): Promise<{ book: RuleBook; affected: Affected[] }> {
  const { id, isRemoved = false, ...fields } = asked
  const rules = await readRules(db)
  if (id === undefined) {
    const rule: GpuRule = {
      id: idText('rule', 1),
      createdAtMs: now(),
      ...fieldsOf({ ...fields, gpuType: fields.gpuType ?? '' }),
    }
    return { book: [rule, ...rules], affected: [{ rule, only: null }] }
  }
  const before = await readRule(db, id)
  const after = isRemoved ? null : changedRule(before, fields)
  const book = rules.flatMap((rule) => (rule.id !== id ? [rule] : after ? [after] : []))
  return { book, affected: affectedBy(before, after) }
}

async function wouldMove(db: Asker, moves: readonly Move[]): Promise<Preview> {
  const parts = await db.all<Record<'provider' | 'fromType' | 'toType', string> & Sums>(sql`
    with m as materialized (${movesTable(moves)})
    select p.provider, p.gpu_type as fromType, m.to_type as toType, count(*) as entryCount, sum(c.line_count) as lineCount,
      sum(c.billed_nano_usd) as billed, sum(c.effective_nano_usd) as effective, sum(${NEW_CAPACITY}) as capacity
    from ${OF_CURRENT_BILLS} cross join cost_dimensions d on d.id = c.dimension_id cross join m on ${MOVE_OF_ENTRY}
      cross join pools p on p.id = c.pool_id
    where ${IS_OTHER} group by p.provider, p.gpu_type, m.to_type order by abs(sum(c.effective_nano_usd)) desc, 1, 2, 3`)
  const total = (of: (part: Sums) => bigint) => parts.reduce((sum, part) => sum + of(part), 0n)
  return {
    entryCount: Number(total(({ entryCount }) => entryCount)),
    lineCount: Number(total(({ lineCount }) => lineCount)),
    billedNanoUsd: nanoUsd(total(({ billed }) => billed)),
    effectiveNanoUsd: nanoUsd(total(({ effective }) => effective)),
    parts: parts.map(({ provider, fromType, toType, lineCount, effective, capacity }) => ({
      ...{ provider, fromType, toType, lineCount: Number(lineCount), effectiveNanoUsd: nanoUsd(effective) },
      gpuSeconds: capacity === null ? null : Number(capacity),
    })),
  }
}

type Sums = { entryCount: bigint; lineCount: bigint; billed: bigint; effective: bigint; capacity: bigint | null }
