import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { BudgetChange, BudgetNamed, BudgetRemoval, NewBudget } from './budget-input.ts'
import { createBudget } from './create-budget.ts'
import { BudgetsAsked, listBudgets, oneBudget } from './list-budgets.ts'
import { removeBudget, updateBudget } from './update-budget.ts'

export const budgetsRouter = router({
  list: signedIn
    .input(BudgetsAsked)
    .query(({ ctx, input }) => listBudgets(ctx.scope, input, ctx.meter ?? null).then(toWire)),
  get: signedIn
    .input(BudgetNamed)
    .query(({ ctx, input }) => oneBudget(ctx.scope, input, ctx.meter ?? null).then(toWire)),
  create: signedIn
    .input(NewBudget)
    .mutation(({ ctx, input }) => createBudget(ctx.scope, input, ctx.meter ?? null).then(toWire)),
  update: signedIn
    .input(BudgetChange)
    .mutation(({ ctx, input }) => updateBudget(ctx.scope, input, ctx.meter ?? null).then(toWire)),
  remove: signedIn.input(BudgetRemoval).mutation(async ({ ctx, input }) => {
    await removeBudget(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
