import { z } from 'zod'
import { ANOMALY_VERDICTS } from '../../db/units/insight.ts'
import { KINDS } from '../analytics/ledger.ts'
import { questionWith } from '../analytics/window.ts'
import { AnsweredDay, AnsweredId, GpuTime, Instant, PageOf, Usd } from '../answer-fields.ts'
import { Paging, UsdInput } from '../input-fields.ts'
import { TERM_KINDS } from './bridge.ts'
import { CAUSE_KINDS } from './causes.ts'
import { DIMENSIONS, DimensionField } from './series.ts'

export const AnomaliesQuestion = questionWith({
  dimension: DimensionField,
  minImpactUsd: UsdInput.optional().describe('Deviations below it are left out; absent: as the company has decided'),
  sensitivity: z
    .enum(['low', 'medium', 'high'])
    .optional()
    .describe('high finds most; absent: as the company has decided'),
  direction: z.enum(['both', 'up', 'down']).default('both'),
  verdict: z
    .enum(['any', 'open', ...ANOMALY_VERDICTS])
    .default('any')
    .describe('open: nobody has said anything of it'),
  skip: Paging.skip,
  limit: z.coerce.number<number>().int().min(1).max(50).default(20),
})

const Verdict = z.object({
  verdict: z.enum(ANOMALY_VERDICTS),
  note: z.string(),
  byLabel: z.string(),
  saidAtMs: Instant,
})

const Term = z.object({
  kind: z.enum([...TERM_KINDS, 'cache_rate']),
  provider: z.string(),
  gpuType: z.string(),
  sku: z.string(),
  amountNanoUsd: Usd,
  beforeGpuSeconds: GpuTime.nullable().describe('Of an expected day; null: not known'),
  afterGpuSeconds: GpuTime.nullable(),
  beforeNanoUsd: Usd.describe('The item on an expected day'),
  afterNanoUsd: Usd,
})

export const Anomaly = z.object({
  key: z
    .string()
    .describe('The same whenever it is found')
    .meta({ examples: ['team:team_3@2026-01-13'] }),
  dimension: z.enum(DIMENSIONS),
  name: z.string(),
  kind: z.enum(KINDS),
  teamId: AnsweredId('team').nullable(),
  day: AnsweredDay,
  actualNanoUsd: Usd,
  expectedNanoUsd: Usd.describe('Rounded once; impact = actual − expected, exactly'),
  lowNanoUsd: Usd,
  highNanoUsd: Usd,
  impactNanoUsd: Usd,
  direction: z.enum(['up', 'down']),
  z: z.number().describe('0.6745 × deviation ÷ MAD'),
  threshold: z.number().describe('|z| from which this series is told, widened by what people called none'),
  dayCount: z.number().int().describe('Days in a row that stood out like it'),
  isLevelShift: z.boolean().describe('It stayed so, and is what is expected since'),
  sentence: z.string(),
  terms: z.array(Term).describe('From expected to actual; Σ amounts = impact'),
  comparedDays: z.array(AnsweredDay).describe('The same weekdays before, whose average the terms are against'),
  causes: z.array(z.object({ kind: z.enum(CAUSE_KINDS), text: z.string(), href: z.string().nullable() })),
  doors: z.array(z.object({ name: z.string(), href: z.string() })),
  course: z.array(
    z.object({
      day: AnsweredDay,
      costNanoUsd: Usd.nullable().describe('Null: not known'),
      lowNanoUsd: Usd.nullable(),
      highNanoUsd: Usd.nullable(),
    }),
  ),
  verdict: Verdict.nullable(),
})
export type Anomaly = z.output<typeof Anomaly>

export const Anomalies = PageOf('anomalies', Anomaly).extend({
  dimension: z.enum(DIMENSIONS),
  firstDay: AnsweredDay.nullable().describe('The first day with a bill'),
  lastDay: AnsweredDay.nullable().describe('The last complete day: what comes after it is not judged'),
  watchedCount: z.number().int().describe('Series with enough history'),
  learningCount: z.number().int().describe('Series with 10 to 13 days: judged from 14 on'),
  tooLittleCount: z.number().int().describe('Series with fewer than 10 days'),
  minImpactNanoUsd: Usd.describe('The least deviation that was told'),
  sensitivity: z.enum(['low', 'medium', 'high']),
  how: z.string(),
})
export type Anomalies = z.output<typeof Anomalies>
