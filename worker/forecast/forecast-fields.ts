import { z } from 'zod'
import type { NAMES } from '../analytics/dimensions.ts'
import { KINDS } from '../analytics/ledger.ts'
import { AnswerBasis } from '../analytics/spend-by.ts'
import { type CostKind, QUESTION_FIELDS, type Question } from '../analytics/window.ts'
import { AnsweredDay, AnsweredId } from '../answer-fields.ts'
import { Backtest } from './backtest-table.ts'
import { METHODS } from './candidates.ts'
import { MEASURES } from './history.ts'

export const MOST_DAYS = 90
export const FORECAST_GROUPS = ['none', 'team', 'model', 'provider', 'gpu_type'] as const satisfies readonly (
  | 'none'
  | (typeof NAMES)[number]
)[]

const { start: _start, end: _end, timeZone: _zone, ...FILTERS } = QUESTION_FIELDS

/** What a forecast takes: what to look at, how far, by which groups. */
export const ForecastAsked = z
  .object({
    ...FILTERS,
    measure: z.enum(MEASURES).default('cost'),
    days: z
      .union([z.literal('month_end'), z.coerce.number<number>().int().min(1).max(MOST_DAYS)], {
        error: `must be a number of days from 1 to ${MOST_DAYS}, or month_end`,
      })
      .default(30)
      .describe('How many days, from the day after the last complete one on; month_end: to the end of its month'),
    groupBy: z.enum(FORECAST_GROUPS).default('none'),
  })
  .transform(({ measure, days, groupBy, basis, cost, ...filters }) => ({
    ...{ measure, days, groupBy, basis, cost },
    filters: filters as Question['filters'],
  }))
export type ForecastAsked = z.output<typeof ForecastAsked>
export type { CostKind }

/** US dollars or GPU-hours, as `measure` says: decimal text. */
const Amount = z
  .custom<`${number}`>((value) => typeof value === 'string')
  .meta({ type: 'string', pattern: '^-?\\d+(\\.\\d+)?$', examples: ['52073.58'] })
const Limits = { low80: Amount, high80: Amount, low95: Amount, high95: Amount }

export const ForecastDay = z.object({ day: AnsweredDay, point: Amount, ...Limits })

export const ForecastMonth = z.object({
  month: z.string().meta({ examples: ['2026-01'] }),
  actual: Amount.describe('Of its complete days'),
  actualDays: z.number().int(),
  rest: Amount.describe('Of the days to come: Σ of their points'),
  restDays: z.number().int(),
  total: Amount.describe('actual + rest'),
  ...Limits,
})

export const ForecastSeries = z.object({
  name: z.string(),
  kind: z.enum(['total', 'other', ...KINDS]),
  teamId: AnsweredId('team').nullable(),
  historyStart: AnsweredDay,
  historyDays: z.number().int().describe('Complete days from the first with an amount on, zero days included'),
  method: z
    .enum(['run_rate', ...METHODS])
    .nullable()
    .describe('Null: less than 7 days of history, nothing is said'),
  title: z.string().nullable(),
  why: z.string(),
  recent: z.array(z.object({ day: AnsweredDay, actual: Amount })).describe('The last complete days, at most 90'),
  days: z.array(ForecastDay),
  month: ForecastMonth.nullable(),
  backtest: Backtest.nullable().describe('Null where there is nothing to test on: less than 14 days'),
})
export type ForecastSeries = z.output<typeof ForecastSeries>

export const Forecast = z.object({
  measure: z.enum(MEASURES),
  groupBy: z.enum(FORECAST_GROUPS),
  historyEnd: AnsweredDay.describe('The last complete day: of the bill, and never today'),
  series: z.array(ForecastSeries).describe('Dearest first. Groups are forecast alone and need not add up to the total'),
  assumes: z.array(z.string()),
  how: z.string(),
  basis: AnswerBasis.basis,
  cost: AnswerBasis.cost,
  isPartial: AnswerBasis.isPartial,
})
export type Forecast = z.output<typeof Forecast>
