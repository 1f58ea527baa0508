import { z } from 'zod'
import { normalName } from '../../db/units/gpu.ts'
import { addDays, type Day, type Window } from '../../db/units/time.ts'
import { DayText, Paging } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { listCosts, totalCost } from './list-costs.ts'

const filters = {
  start: DayText.optional(),
  end: DayText.optional(),
  provider: z.string().transform(normalName).optional(),
  gpuType: z.string().transform(normalName).optional(),
}
const [FIRST, LAST] = ['2000-01-01' as Day, '2099-12-31' as Day]

function windowOf({ start, end }: { start?: Day | undefined; end?: Day | undefined }): Window | null {
  return start || end ? { from: start ?? FIRST, before: addDays(end ?? LAST, 1) } : null
}

const inOrder = ({ start, end }: { start?: Day | undefined; end?: Day | undefined }) => !start || !end || start <= end
const order = { message: 'end must not be before start', path: ['end'] }

export const costsRoutes = [
  rest(
    'GET',
    '/costs',
    { summary: 'Cost entries, newest first', input: z.object({ ...Paging, ...filters }).refine(inOrder, order) },
    async (scope, asked) => listCosts(scope, { ...asked, window: windowOf(asked) }),
  ),
  rest(
    'GET',
    '/costs/total',
    { summary: 'What was billed in all', input: z.object(filters).refine(inOrder, order) },
    async (scope, asked) => totalCost(scope, { ...asked, window: windowOf(asked) }),
  ),
]
