import { z } from 'zod'
import { IdText, Paging } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { createTeam } from './create-team.ts'
import { listTeams } from './list-teams.ts'
import { removeTeam, TeamRemoval } from './remove-team.ts'
import { team } from './team.ts'
import { NewTeam, TeamChange } from './team-input.ts'
import { updateTeam } from './update-team.ts'

export const teamsRouter = router({
  list: signedIn.input(z.object(Paging)).query(({ ctx, input }) => listTeams(ctx.scope, input).then(toWire)),
  get: signedIn.input(z.object({ id: IdText('team') })).query(({ ctx, input }) => team(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewTeam).mutation(({ ctx, input }) => createTeam(ctx.scope, input).then(toWire)),
  update: signedIn.input(TeamChange).mutation(({ ctx, input }) => updateTeam(ctx.scope, input).then(toWire)),
  remove: signedIn.input(TeamRemoval).mutation(async ({ ctx, input }) => {
    await removeTeam(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
