import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { teamGatewayOf, updateTeamGateway } from './team-gateway.ts'
import { TeamGatewayChange, TeamGatewayOf } from './team-gateway-input.ts'

export const teamGatewayRouter = router({
  get: signedIn.input(TeamGatewayOf).query(({ ctx, input }) => teamGatewayOf(ctx.scope, input).then(toWire)),
  update: signedIn
    .input(TeamGatewayChange)
    .mutation(({ ctx, input }) => updateTeamGateway(ctx.scope, input).then(toWire)),
})
