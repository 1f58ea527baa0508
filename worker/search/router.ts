import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { find, SearchAsked } from './find.ts'

export const searchRouter = router({
  find: signedIn.input(SearchAsked).query(({ ctx, input }) => find(ctx.scope, input).then(toWire)),
})
