import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { CostAlone, cost } from './cost.ts'
import { CostChange, NewCost } from './cost-input.ts'
import { createCost } from './create-cost.ts'
import { CostsAsked, CostsNarrowed, CostsPage, CostsTotal, listCosts, totalCost } from './list-costs.ts'
import { CostRemoval, removeCost } from './remove-cost.ts'
import { updateCost } from './update-cost.ts'

export const costsRoutes = [
  rest('GET', '/costs', { summary: 'Cost entries, newest first', input: CostsAsked, answers: CostsPage }, listCosts),
  rest('POST', '/costs', { summary: 'Enter a cost', input: NewCost, answers: CostAlone, status: 201 }, createCost),
  rest(
    'GET',
    '/costs/total',
    { summary: 'What was billed in all', input: CostsNarrowed, answers: CostsTotal },
    totalCost,
  ),
  rest(
    'GET',
    '/costs/:id',
    { summary: 'One cost entry', input: z.object({ id: IdText('cost') }), answers: CostAlone },
    cost,
  ),
  rest('PUT', '/costs/:id', { summary: 'Change a cost entry', input: CostChange, answers: CostAlone }, updateCost),
  rest('DELETE', '/costs/:id', { summary: 'Take a cost entry away', input: CostRemoval, status: 204 }, removeCost),
]
