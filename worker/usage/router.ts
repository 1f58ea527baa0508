import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { createUsage } from './create-usage.ts'
import { listUsage, totalUsage, UsageNarrowed, UsageTableAsked } from './list-usage.ts'
import { removeUsage, UsageRemoval } from './remove-usage.ts'
import { updateUsage } from './update-usage.ts'
import { usage } from './usage.ts'
import { usageFromJobs } from './usage-from-jobs.ts'
import { NewUsage, UsageChange, UsageFromJobs } from './usage-input.ts'

export const usageRouter = router({
  list: signedIn.input(UsageTableAsked).query(({ ctx, input }) => listUsage(ctx.scope, input).then(toWire)),
  total: signedIn.input(UsageNarrowed).query(({ ctx, input }) => totalUsage(ctx.scope, input).then(toWire)),
  get: signedIn
    .input(z.object({ id: IdText('usage') }))
    .query(({ ctx, input }) => usage(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewUsage).mutation(({ ctx, input }) => createUsage(ctx.scope, input).then(toWire)),
  fromJobs: signedIn.input(UsageFromJobs).mutation(({ ctx, input }) => usageFromJobs(ctx.scope, input).then(toWire)),
  update: signedIn.input(UsageChange).mutation(({ ctx, input }) => updateUsage(ctx.scope, input).then(toWire)),
  remove: signedIn.input(UsageRemoval).mutation(async ({ ctx, input }) => {
    await removeUsage(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
