import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { cost } from './cost.ts'
import { CostChange, NewCost } from './cost-input.ts'
import { createCost } from './create-cost.ts'
import { CostsNarrowed, CostTableAsked, listCosts, totalCost } from './list-costs.ts'
import { CostRemoval, removeCost } from './remove-cost.ts'
import { updateCost } from './update-cost.ts'

export const costsRouter = router({
  list: signedIn.input(CostTableAsked).query(({ ctx, input }) => listCosts(ctx.scope, input).then(toWire)),
  total: signedIn.input(CostsNarrowed).query(({ ctx, input }) => totalCost(ctx.scope, input).then(toWire)),
  get: signedIn.input(z.object({ id: IdText('cost') })).query(({ ctx, input }) => cost(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewCost).mutation(({ ctx, input }) => createCost(ctx.scope, input).then(toWire)),
  update: signedIn.input(CostChange).mutation(({ ctx, input }) => updateCost(ctx.scope, input).then(toWire)),
  remove: signedIn.input(CostRemoval).mutation(async ({ ctx, input }) => {
    await removeCost(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
