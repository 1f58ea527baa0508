import { z } from 'zod'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { BillLinesQuestion, billLines } from './bill-lines.ts'
import { costByJob, JobsCostQuestion } from './by-job.ts'
import { DAILY_GROUPS, dailySpend } from './daily-spend.ts'
import { explain, FigureQuestion } from './explain.ts'
import { extent } from './extent.ts'
import { reconciliation } from './reconciliation.ts'
import { spendBy } from './spend-by.ts'
import { CostQuestion, questionWith } from './window.ts'

/** Adding an answer: write its file next to this one, then its line here and in routes.ts. */
export const analyticsRouter = router({
  daily: signedIn
    .input(questionWith({ groupBy: z.enum(DAILY_GROUPS).default('none') }))
    .query(({ ctx, input }) => dailySpend(ctx.scope, input).then(toWire)),
  byTeam: signedIn.input(CostQuestion).query(({ ctx, input }) => spendBy(ctx.scope, input, 'team').then(toWire)),
  byModel: signedIn.input(CostQuestion).query(({ ctx, input }) => spendBy(ctx.scope, input, 'model').then(toWire)),
  byProvider: signedIn
    .input(CostQuestion)
    .query(({ ctx, input }) => spendBy(ctx.scope, input, 'provider').then(toWire)),
  byGpuType: signedIn.input(CostQuestion).query(({ ctx, input }) => spendBy(ctx.scope, input, 'gpu_type').then(toWire)),
  reconciliation: signedIn.input(CostQuestion).query(({ ctx, input }) => reconciliation(ctx.scope, input).then(toWire)),
  byJob: signedIn.input(JobsCostQuestion).query(({ ctx, input }) => costByJob(ctx.scope, input).then(toWire)),
  explain: signedIn.input(FigureQuestion).query(({ ctx, input }) => explain(ctx.scope, input).then(toWire)),
  billLines: signedIn.input(BillLinesQuestion).query(({ ctx, input }) => billLines(ctx.scope, input).then(toWire)),
  extent: signedIn.query(({ ctx }) => extent(ctx.scope)),
})
