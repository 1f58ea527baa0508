import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { monitoringState } from './monitoring-state.ts'

export const monitoringRouter = router({
  state: signedIn.query(({ ctx }) => monitoringState(ctx.scope, ctx).then(toWire)),
})
