import { z } from 'zod'
import { RECOMMENDATION_STATUSES } from '../../db/units/insight.ts'
import { AnsweredDay, AnsweredId, GpuTime, Instant, Usd, Version } from '../answer-fields.ts'
import { ADVICE_KINDS } from './kinds/index.ts'
import { CONFIDENCES, EFFORTS } from './kinds/kind.ts'

const KINDS = ADVICE_KINDS.map(({ kind }) => kind) as [string, ...string[]]

export const KindName = z.enum(KINDS)

const Verified = z
  .object({
    savingNanoUsd: Usd.describe('A month: what it cost a day before, less what it costs a day since, × 30'),
    beforePerDayNanoUsd: Usd,
    sincePerDayNanoUsd: Usd,
    start: AnsweredDay.describe('First day after it was done'),
    end: AnsweredDay,
    days: z.number().int(),
  })
  .describe('By the ledger: the same computation over at least 7 days since it was done')

export const Evidence = z.object({
  what: z.string(),
  note: z.string(),
  costNanoUsd: Usd.nullable(),
  gpuSeconds: GpuTime.nullable(),
  href: z.string().describe('Path of the dashboard with the rows'),
})

/** A piece of advice and what became of it. */
export const Recommendation = z.object({
  key: z
    .string()
    .describe('Of the kind and the thing: stays the same')
    .meta({ examples: ['idle-pool.8c1f0a9d3b7e42c6f501'] }),
  kind: KindName,
  kindName: z.string(),
  status: z.enum(RECOMMENDATION_STATUSES),
  teamId: AnsweredId('team').nullable().describe('Null: the whole company’s'),
  teamName: z.string().nullable(),
  title: z.string(),
  action: z.string(),
  savingNanoUsd: Usd.describe('A month of 30 days, at the pace of the window'),
  countedNanoUsd: Usd.describe('Of it, what no other open or accepted advice saves as well; for done and dismissed 0'),
  windowSavingNanoUsd: Usd,
  formula: z.string(),
  start: AnsweredDay,
  end: AnsweredDay,
  confidence: z.enum(CONFIDENCES),
  because: z.string(),
  effort: z.enum(EFFORTS),
  evidence: z.array(Evidence),
  href: z.string(),
  isStillFound: z
    .boolean()
    .describe('False: the data of the window bears it out no more; shown as it stood when decided'),
  cameBack: z.boolean().describe('It was dismissed, and its saving has doubled since'),
  decision: z
    .object({
      status: z.enum(RECOMMENDATION_STATUSES),
      note: z.string(),
      by: z.string(),
      decidedAtMs: Instant,
      doneAtMs: Instant.nullable(),
      savingNanoUsd: Usd.describe('What it promised a month when it was decided'),
    })
    .nullable(),
  verified: Verified.nullable().describe('Null: not done, or fewer than 7 days with a bill since'),
})
export type Recommendation = z.output<typeof Recommendation>

export const RecommendationAlone = Recommendation.extend({ version: Version })
export type RecommendationAlone = z.output<typeof RecommendationAlone>
