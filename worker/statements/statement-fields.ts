import { z } from 'zod'
import { AnsweredId, GpuTime, Instant, Usd } from '../answer-fields.ts'
import { METHODS } from './split.ts'

const Month = z.string().meta({ pattern: '^\\d{4}-\\d{2}$', examples: ['2026-01'] })

/** What a line of a statement is. */
export const LINE_KINDS = ['jobs', 'assigned', 'shared', 'kept', 'adjustment'] as const

/** One line. `teamId` null: the company's own. All lines of a month sum to its bill and its adjustments. */
export const StatementLine = z
  .object({
    month: Month,
    teamId: AnsweredId('team').nullable().describe('null: it stays with the company'),
    teamName: z.string(),
    kind: z
      .enum(LINE_KINDS)
      .describe(
        'jobs: held by the team’s jobs; assigned: given by a rule; shared: part of what nobody was charged; kept: not shared; adjustment: an earlier closed month, restated',
      ),
    provider: z.string(),
    gpuType: z.string(),
    modelName: z.string(),
    adjustedMonth: Month.nullable().describe('With adjustment: the closed month that is not as it was'),
    gpuSeconds: GpuTime,
    jobCount: z.number().int(),
    beforeNanoUsd: Usd.nullable().describe('With adjustment: what was charged for that month so far'),
    afterNanoUsd: Usd.nullable().describe('With adjustment: what it is now'),
    amountNanoUsd: Usd,
  })
  .meta({ id: 'StatementLine' })
export type StatementLine = z.output<typeof StatementLine>

/** One team's month. Its parts sum to the total; the lines of the team say them in detail. */
export const TeamPart = z
  .object({
    teamId: AnsweredId('team'),
    teamName: z.string().describe('As the team was called'),
    jobsNanoUsd: Usd,
    assignedNanoUsd: Usd,
    sharedNanoUsd: Usd,
    adjustmentsNanoUsd: Usd,
    totalNanoUsd: Usd,
    gpuSeconds: GpuTime,
    jobCount: z.number().int(),
    budgetNanoUsd: Usd.nullable().describe('Per calendar month; null: none set'),
    budgetUsedShare: z.number().nullable().describe('The total as a part of the budget; null: no budget, or 0'),
  })
  .meta({ id: 'TeamStatement' })
export type TeamPart = z.output<typeof TeamPart>

/** By which decision shared cost was split, in words that a closed month keeps. */
export const SplitUsed = z.object({
  method: z.enum(METHODS),
  version: z.number().int(),
  title: z.string(),
  formula: z.string(),
  teams: z.array(AnsweredId('team')).nullable().describe('Who was to take part; null: all that were charged anything'),
  weights: z.array(z.object({ teamId: AnsweredId('team'), weight: z.string() })).nullable(),
})

const PotLine = z.object({ provider: z.string(), gpuType: z.string(), amountNanoUsd: Usd })

/** What is nobody’s and what becomes of it. */
export const CompanyPart = z.object({
  pot: z.array(PotLine).describe('What no job and no rule was charged; gpu_type is empty for cost that is no GPU’s'),
  potNanoUsd: Usd,
  sharedNanoUsd: Usd.describe('Of the pot, what teams were given'),
  keptNanoUsd: Usd.describe('Of the pot, what stays with the company'),
  adjustmentsNanoUsd: Usd,
  totalNanoUsd: Usd.describe('kept + adjustments'),
})

/** teams + company = bill + adjustments. */
export const Check = z.object({
  billNanoUsd: Usd,
  adjustmentsNanoUsd: Usd,
  teamsNanoUsd: Usd,
  companyNanoUsd: Usd,
  differenceNanoUsd: Usd,
})

/** A month's chargeback: who is charged what, and why. */
export const Statement = z.object({
  month: Month,
  state: z.enum(['open', 'closed']),
  closedAtMs: Instant.nullable(),
  closedBy: z.string().nullable().describe('null: open, or not for the asker to know'),
  isPartial: z.boolean().describe('True: only the teams of the asker; what is the company’s is null'),
  isProvisional: z.boolean().describe('A job of the month still runs and is counted up to now'),
  stalePoolDays: z.number().int().nullable().describe('Pool-days whose jobs changed and wait to be shared'),
  split: SplitUsed,
  teams: z.array(TeamPart),
  company: CompanyPart.nullable().describe('null: the answer is narrowed to teams'),
  check: Check.nullable().describe('null: the answer is narrowed to teams'),
  lines: z.array(StatementLine),
})
export type Statement = z.output<typeof Statement>
