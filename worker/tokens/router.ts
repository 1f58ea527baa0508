import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { listTokenUsage, TokenUsageAsked } from './list-token-usage.ts'
import { TokenTotalAsked, totalTokenUsage } from './total-token-usage.ts'

export const tokenUsageRouter = router({
  list: signedIn.input(TokenUsageAsked).query(({ ctx, input }) => listTokenUsage(ctx.scope, input).then(toWire)),
  total: signedIn.input(TokenTotalAsked).query(({ ctx, input }) => totalTokenUsage(ctx.scope, input).then(toWire)),
})
