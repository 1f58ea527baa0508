import { z } from 'zod'
import { AnomaliesQuestion } from '../anomalies/anomaly-fields.ts'
import { anomalies } from '../anomalies/find-anomalies.ts'
import { decideAnomaly, undoAnomaly } from '../anomalies/verdict.ts'
import { VerdictNamed, VerdictSaid } from '../anomalies/verdict-input.ts'
import { budgetOutlook } from '../forecast/budget-outlook.ts'
import { forecast } from '../forecast/forecast.ts'
import { ForecastAsked } from '../forecast/forecast-fields.ts'
import { NodeCostAsked } from '../node-split/asked.ts'
import { listMethods } from '../node-split/list-methods.ts'
import { nodeCost } from '../node-split/node-cost.ts'
import { RecommendationsAsked, recommendations } from '../recommendations/recommendations.ts'
import { analyticsProcedure, router, signedIn } from '../trpc.ts'
import { EconomicsAsked, unitEconomics } from '../unit-economics/unit-economics.ts'
import { WhatIfAsked, whatIf } from '../unit-economics/what-if.ts'
import { ReplayAsked } from '../what-if/changes.ts'
import { replay } from '../what-if/replay.ts'
import { toWire } from '../wire.ts'
import { BillLinesQuestion, billLines } from './bill-lines.ts'
import { costByJob, JobsCostTableQuestion } from './by-job.ts'
import { ComparedWith } from './compared-days.ts'
import { DAILY_GROUPS, dailySpend } from './daily-spend.ts'
import { explain, FigureQuestion } from './explain.ts'
import { EXPLORER_FIELDS, explore } from './explore.ts'
import { extent } from './extent.ts'
import { ModelsQuestion, modelEconomics } from './model-economics.ts'
import { reconciliation } from './reconciliation.ts'
import { spendBy } from './spend-by.ts'
import { utilization } from './utilization.ts'
import { WASTE_GROUPS, waste } from './waste.ts'
import { CostQuestion, questionWith } from './window.ts'

/** Adding an answer: write its file next to this one, then its line here and in routes.ts. */
export const analyticsRouter = router({
  daily: analyticsProcedure
    .input(questionWith({ groupBy: z.enum(DAILY_GROUPS).default('none'), compare: ComparedWith.default('previous') }))
    .query(({ ctx, input }) => dailySpend(ctx.scope, input).then(toWire)),
  byTeam: analyticsProcedure
    .input(CostQuestion)
    .query(({ ctx, input }) => spendBy(ctx.scope, input, 'team').then(toWire)),
  byModel: analyticsProcedure
    .input(CostQuestion)
    .query(({ ctx, input }) => spendBy(ctx.scope, input, 'model').then(toWire)),
  byProvider: analyticsProcedure
    .input(CostQuestion)
    .query(({ ctx, input }) => spendBy(ctx.scope, input, 'provider').then(toWire)),
  byGpuType: analyticsProcedure
    .input(CostQuestion)
    .query(({ ctx, input }) => spendBy(ctx.scope, input, 'gpu_type').then(toWire)),
  reconciliation: analyticsProcedure
    .input(CostQuestion)
    .query(({ ctx, input }) => reconciliation(ctx.scope, input).then(toWire)),
  explore: analyticsProcedure
    .input(questionWith(EXPLORER_FIELDS))
    .query(({ ctx, input }) => explore(ctx.scope, input).then(toWire)),
  byJob: analyticsProcedure
    .input(JobsCostTableQuestion)
    .query(({ ctx, input }) => costByJob(ctx.scope, input).then(toWire)),
  explain: analyticsProcedure.input(FigureQuestion).query(({ ctx, input }) => explain(ctx.scope, input).then(toWire)),
  billLines: analyticsProcedure
    .input(BillLinesQuestion)
    .query(({ ctx, input }) => billLines(ctx.scope, input).then(toWire)),
  // Metered tokens are no part of the ledger, whose version keeps the other answers.
  models: signedIn.input(ModelsQuestion).query(({ ctx, input }) => modelEconomics(ctx.scope, input).then(toWire)),
  unitEconomics: signedIn.input(EconomicsAsked).query(({ ctx, input }) => unitEconomics(ctx.scope, input).then(toWire)),
  // What was decided is no part of the ledger either.
  recommendations: signedIn
    .input(RecommendationsAsked)
    .query(({ ctx, input }) => recommendations(ctx.scope, input).then(toWire)),
  replay: signedIn.input(ReplayAsked).query(({ ctx, input }) => replay(ctx.scope, input).then(toWire)),
  whatIf: signedIn.input(WhatIfAsked).query(({ ctx, input }) => whatIf(ctx.scope, input).then(toWire)),
  waste: analyticsProcedure
    .input(questionWith({ groupBy: z.enum(WASTE_GROUPS).default('none') }))
    .query(({ ctx, input }) => waste(ctx.scope, input).then(toWire)),
  utilization: analyticsProcedure
    .input(CostQuestion)
    .query(({ ctx, input }) => utilization(ctx.scope, input).then(toWire)),
  nodeCost: analyticsProcedure.input(NodeCostAsked).query(({ ctx, input }) => nodeCost(ctx.scope, input).then(toWire)),
  nodeSplitMethods: analyticsProcedure.query(({ ctx }) => listMethods(ctx.scope).then(toWire)),
  // What people said and what the company decided are no part of the ledger either.
  anomalies: signedIn.input(AnomaliesQuestion).query(({ ctx, input }) => anomalies(ctx.scope, input).then(toWire)),
  decideAnomaly: signedIn.input(VerdictSaid).mutation(({ ctx, input }) => decideAnomaly(ctx.scope, input).then(toWire)),
  undoAnomaly: signedIn.input(VerdictNamed).mutation(async ({ ctx, input }) => {
    await undoAnomaly(ctx.scope, input)
    return { status: 'success' as const }
  }),
  // What is not over yet depends on the clock, which no version tells.
  forecast: signedIn.input(ForecastAsked).query(({ ctx, input }) => forecast(ctx.scope, input).then(toWire)),
  budgetOutlook: signedIn.query(({ ctx }) => budgetOutlook(ctx.scope).then(toWire)),
  extent: analyticsProcedure.query(({ ctx }) => extent(ctx.scope)),
})
