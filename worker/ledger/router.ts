import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { CheckAsked, checkNow } from './check-now.ts'
import { ledgerState, RebuildAsked, rebuildNow } from './rebuild-now.ts'

export const ledgerRouter = router({
  state: signedIn.query(({ ctx }) => ledgerState(ctx.scope).then(toWire)),
  check: signedIn.input(CheckAsked).mutation(({ ctx, input }) => checkNow(ctx.scope, input).then(toWire)),
  rebuild: signedIn.input(RebuildAsked).mutation(({ ctx, input }) => rebuildNow(ctx.scope, input).then(toWire)),
})
