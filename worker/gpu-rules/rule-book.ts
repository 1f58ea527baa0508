import { desc } from 'drizzle-orm'
import { gpuRules } from '../../db/schema/gpu-rules.ts'
import type { BilledGpu, BilledThing } from '../ingest/importers/importer.ts'
import { recognise, remembering } from '../ingest/importers/recognise-gpu.ts'
import { type GpuRule, type Reader, RULE_COLUMNS } from './gpu-rule.ts'
import { matches, type RuledThing } from './matching.ts'

/** Rules, the newest first. */
export type RuleBook = readonly GpuRule[]

/** All rules that there are. */
export async function readRules(reader: Reader): Promise<RuleBook> {
  return reader.select(RULE_COLUMNS).from(gpuRules).orderBy(desc(gpuRules.id))
}

/** The rule that decides about a line: the newest of those that match. */
export function ruleFor(book: RuleBook, thing: RuledThing): GpuRule | undefined {
  return book.find((rule) => matches(rule, thing))
}

/**
 * Door: what a file's lines are recognised with, the rules that are there now before everything else. Rules that change
 * meanwhile do not change it.
 */
export async function ruledRecognition(reader: Reader): Promise<(thing: BilledThing) => BilledGpu | null> {
  const book = await readRules(reader)
  return remembering((thing) => {
    const rule = ruleFor(book, thing)
    if (rule) return rule.gpuType === '' ? null : { gpuType: rule.gpuType, gpuCount: rule.gpuCount }
    const found = recognise(thing)
    return found && { gpuType: found.gpuType, gpuCount: found.gpuCount }
  })
}
