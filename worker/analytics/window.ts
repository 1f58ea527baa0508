import { z } from 'zod'
import { normalName } from '../../db/units/gpu.ts'
import { rowOf, type TeamId } from '../../db/units/ids.ts'
import { addDays, DAY_MS, type Day, startOf, type Window } from '../../db/units/time.ts'
import { DayText } from '../input-fields.ts'

/** Ten years: no page asks for more, and a dense daily series stays small. */
const MAX_DAYS = 3_660

export type Basis = 'allocation' | 'usage' | 'exposure'

/** What every cost question says: which days, which basis, whose or which part of the cost. Empty lists: no filter. */
export type Question = {
  window: Window
  basis: Basis
  filters: { teamId: TeamId[]; modelName: string[]; provider: string[]; gpuType: string[] }
}

const Values = z.union([z.string().transform((text) => [text]), z.array(z.string()).max(200)]).default([])
const Names = Values.transform((names) => names.map(normalName))
const TeamIds = Values.transform((ids, context) => {
  for (const id of ids)
    if (rowOf('team', id) === null) context.addIssue({ code: 'custom', message: `expected a team id such as team_3` })
  return ids as TeamId[]
})

const fields = {
  start: DayText,
  end: DayText,
  basis: z.enum(['allocation', 'usage', 'exposure']).default('allocation'),
  teamId: TeamIds,
  modelName: Values,
  provider: Names,
  gpuType: Names,
}

/**
 * What cost questions take: `start..end`, both inside on the wire, half-open from here on, at most ten years; the
 * basis; filters, each repeatable. `more` are fields of one question.
 */
export function questionWith<Shape extends z.ZodRawShape>(more: Shape) {
  return z
    .object({ ...fields, ...more })
    .refine((asked) => inOrder(asked as Range), { message: 'end must not be before start', path: ['end'] })
    .refine((asked) => notTooLong(asked as Range), { message: `at most ${MAX_DAYS} days`, path: ['end'] })
    .transform((asked) => {
      const { start, end, basis, teamId, modelName, provider, gpuType, ...rest } = asked as typeof asked & Asked
      const window: Window = { from: start, before: addDays(end, 1) }
      return {
        window,
        basis,
        filters: { teamId, modelName, provider, gpuType },
        ...(rest as Omit<typeof rest, keyof Asked>),
      }
    })
}

type Asked = { start: Day; end: Day; basis: Basis } & Question['filters']
type Range = { start: Day; end: Day }

function inOrder({ start, end }: Range): boolean {
  return start <= end
}

function notTooLong({ start, end }: Range): boolean {
  return start > end || startOf(end) - startOf(start) < MAX_DAYS * DAY_MS
}

export const CostQuestion = questionWith({})
