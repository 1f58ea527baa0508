import { z } from 'zod'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { Decision, decide } from './decide.ts'
import { AdviceKey, recommendation } from './one-recommendation.ts'
import { verifySaving } from './verify.ts'

const One = z.object({ key: AdviceKey })

/** The list is `analytics.recommendations`. */
export const recommendationsRouter = router({
  get: signedIn.input(One).query(({ ctx, input }) => recommendation(ctx.scope, input).then(toWire)),
  decide: signedIn.input(Decision).mutation(({ ctx, input }) => decide(ctx.scope, input).then(toWire)),
  verify: signedIn.input(One).mutation(({ ctx, input }) => verifySaving(ctx.scope, input).then(toWire)),
})
