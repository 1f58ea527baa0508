import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { createJob } from './create-job.ts'
import { job } from './job.ts'
import { JobCostAsked, jobCost } from './job-cost.ts'
import { JobChange, NewJob } from './job-input.ts'
import { JobTableAsked, listJobs } from './list-jobs.ts'
import { JobRemoval, removeJob } from './remove-job.ts'
import { JobsNarrowed, totalJobs } from './total-jobs.ts'
import { updateJob } from './update-job.ts'

export const jobsRouter = router({
  list: signedIn.input(JobTableAsked).query(({ ctx, input }) => listJobs(ctx.scope, input).then(toWire)),
  total: signedIn.input(JobsNarrowed).query(({ ctx, input }) => totalJobs(ctx.scope, input).then(toWire)),
  get: signedIn.input(z.object({ id: IdText('job') })).query(({ ctx, input }) => job(ctx.scope, input).then(toWire)),
  cost: signedIn.input(JobCostAsked).query(({ ctx, input }) => jobCost(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewJob).mutation(({ ctx, input }) => createJob(ctx.scope, input).then(toWire)),
  update: signedIn.input(JobChange).mutation(({ ctx, input }) => updateJob(ctx.scope, input).then(toWire)),
  remove: signedIn.input(JobRemoval).mutation(async ({ ctx, input }) => {
    await removeJob(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
