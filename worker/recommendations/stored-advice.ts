import { z } from 'zod'
import { nanoUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import type { Advice } from './find.ts'
import { CONFIDENCES, EFFORTS } from './kinds/kind.ts'

const Money = z.string().transform((text) => nanoUsd(BigInt(text)))
const StoredDay = z.string().transform((text) => text as Day)

const StoredVerified = z.object({
  ...{ savingNanoUsd: Money, beforePerDayNanoUsd: Money, sincePerDayNanoUsd: Money },
  ...{ start: StoredDay, end: StoredDay, days: z.number() },
})
export type Verified = z.output<typeof StoredVerified>

/** Advice as it stood when it was decided, in `as_decided`: enough to show it again and to check its saving. */
const StoredAdvice = z.object({
  ...{ title: z.string(), action: z.string(), formula: z.string(), because: z.string(), href: z.string() },
  ...{ confidence: z.enum(CONFIDENCES), effort: z.enum(EFFORTS) },
  ...{ savingNanoUsd: Money, windowSavingNanoUsd: Money, start: StoredDay, end: StoredDay, days: z.number() },
  evidence: z.array(
    z.object({
      ...{ what: z.string(), note: z.string(), href: z.string() },
      ...{ costNanoUsd: Money.nullable(), gpuSeconds: z.number().nullable() },
    }),
  ),
  verified: StoredVerified.nullable(),
})
export type StoredAdvice = z.output<typeof StoredAdvice>

/** The part of advice that is kept. */
export function keptOf(advice: Advice, end: Day): StoredAdvice {
  const { title, action, formula, because, href, confidence, effort, evidence, window, days } = advice
  return {
    ...{ title, action, formula, because, href, confidence, effort, days, end, start: window.from, verified: null },
    ...{ savingNanoUsd: advice.savingNanoUsd, windowSavingNanoUsd: advice.windowSavingNanoUsd },
    evidence: evidence.map((row) => ({
      ...row,
      costNanoUsd: row.costNanoUsd === null ? null : nanoUsd(row.costNanoUsd),
    })),
  }
}

export function writeStored(advice: StoredAdvice): string {
  return JSON.stringify(advice, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

export function readStored(text: string): StoredAdvice {
  return StoredAdvice.parse(JSON.parse(text))
}
