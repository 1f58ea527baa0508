import { z } from 'zod'
import { JOB_STATUSES, type JobStatus } from '../../db/schema/jobs.ts'
import { normalName } from '../../db/units/gpu.ts'
import { rowOf, type TeamId } from '../../db/units/ids.ts'
import { addDays, DAY_MS, type Day, startOf, type Window } from '../../db/units/time.ts'
import { isTimeZone } from '../clock-offsets.ts'
import { DayText } from '../input-fields.ts'

/** Ten years: no page asks for more, and a dense daily series stays small. */
const MAX_DAYS = 3_660

export const BASES = ['allocation', 'usage', 'exposure'] as const
export type Basis = (typeof BASES)[number]

/** Which amount: amortised, as invoiced, or at list price. */
export const COST_KINDS = ['effective', 'billed', 'list'] as const
export type CostKind = (typeof COST_KINDS)[number]

/** The values that one filter lets through. Null: no filter. An empty list lets nothing through. */
type Filter<Value> = readonly Value[] | null

/** What every cost question says: which days, which basis, whose or which part of the cost. */
export type Question = {
  /** Days of the time zone. */
  window: Window
  /** IANA; absent: UTC. Ask `zoneOf` (worker/analytics/zone.ts) what it means for the window. */
  timeZone?: string | undefined
  basis: Basis
  cost: CostKind
  filters: {
    teamId: Filter<TeamId>
    modelName: Filter<string>
    provider: Filter<string>
    gpuType: Filter<string>
    status: Filter<JobStatus>
    account: Filter<string>
    region: Filter<string>
    service: Filter<string>
    sku: Filter<string>
    chargeCategory: Filter<string>
    tag: Filter<Tag>
  }
}

/** A question about everything. */
export const NO_FILTERS: Question['filters'] = {
  ...{ teamId: null, modelName: null, provider: null, gpuType: null, status: null, account: null },
  ...{ region: null, service: null, sku: null, chargeCategory: null, tag: null },
}

/** A tag of a charge; value '' is a charge without that tag. */
export type Tag = { key: string; value: string }

const Values = z
  .union([z.string().transform((text) => [text]), z.array(z.string()).max(200)])
  .optional()
  .transform((values): Filter<string> => values ?? null)
const Names = Values.transform((names): Filter<string> => names?.map(normalName) ?? null)
const TeamIds = Values.transform((ids, context): Filter<TeamId> => {
  for (const id of ids ?? [])
    if (rowOf('team', id) === null) context.addIssue({ code: 'custom', message: `expected a team id such as team_3` })
  return ids as Filter<TeamId>
})

const Statuses = z
  .union([z.enum(JOB_STATUSES).transform((status) => [status]), z.array(z.enum(JOB_STATUSES)).max(10)])
  .optional()
  .transform((statuses): Filter<JobStatus> => statuses ?? null)

/** `KEY=VALUE`; everything behind the first = is the value. */
const Tags = Values.transform((tags, context): Filter<Tag> => {
  const isTag = (text: string) => text.indexOf('=') > 0
  if (!tags?.every(isTag) && tags) context.addIssue({ code: 'custom', message: 'expected a tag such as env=prod' })
  return tags?.map((text) => ({ key: text.replace(/=.*$/s, ''), value: text.replace(/^[^=]*=/, '') })) ?? null
}).describe('KEY=VALUE; KEY= is what has no such tag. Values of one key are alternatives, keys have to hold together')

/** The fields of a cost question on the wire. */
export const QUESTION_FIELDS = {
  start: DayText,
  end: DayText,
  basis: z.enum(BASES).default('allocation'),
  cost: z.enum(COST_KINDS).default('effective').describe('Which amount: amortised, as invoiced, or at list price'),
  teamId: TeamIds,
  modelName: Values,
  provider: Names,
  gpuType: Names,
  status: Statuses,
  account: Values,
  region: Values,
  service: Values,
  sku: Values,
  chargeCategory: Values,
  tag: Tags,
  timeZone: z
    .string()
    .max(60)
    .refine(isTimeZone, 'a time zone is named like Europe/Berlin')
    .optional()
    .describe('Whose days they are; UTC without it. Other zones need sources that bill by the hour')
    .meta({ examples: ['Europe/Berlin'] }),
}

/**
 * What cost questions take: `start..end`, both inside on the wire, half-open from here on, at most ten years; the
 * basis; filters, each repeatable. `more` are fields of one question.
 */
export function questionWith<Shape extends z.ZodRawShape>(more: Shape) {
  return z
    .object({ ...QUESTION_FIELDS, ...more })
    .refine((asked) => inOrder(asked as Range), { message: 'end must not be before start', path: ['end'] })
    .refine((asked) => notTooLong(asked as Range), { message: `at most ${MAX_DAYS} days`, path: ['end'] })
    .transform((asked) => {
      const { start, end, timeZone, basis, cost, ...others } = asked as typeof asked & Asked
      const { teamId, modelName, provider, gpuType, status, ...more } = others
      const { account, region, service, sku, chargeCategory, tag, ...rest } = more
      const window: Window = { from: start, before: addDays(end, 1) }
      const ofOwners = { teamId, modelName, status }
      const filters = { ...ofOwners, provider, gpuType, account, region, service, sku, chargeCategory, tag }
      return {
        window,
        ...(timeZone ? { timeZone } : {}),
        basis,
        cost,
        filters,
        ...(rest as Omit<typeof rest, keyof Asked>),
      }
    })
}

type Asked = { start: Day; end: Day; timeZone?: string; basis: Basis; cost: CostKind } & Question['filters']
type Range = { start: Day; end: Day }

function inOrder({ start, end }: Range): boolean {
  return start <= end
}

function notTooLong({ start, end }: Range): boolean {
  return start > end || startOf(end) - startOf(start) < MAX_DAYS * DAY_MS
}

export const CostQuestion = questionWith({})
