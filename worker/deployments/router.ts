import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { createDeployment } from './create-deployment.ts'
import { deployment } from './deployment.ts'
import { DeploymentChange, DeploymentRemoval, NewDeployment } from './deployment-input.ts'
import { DeploymentsAsked, listDeployments } from './list-deployments.ts'
import { removeDeployment } from './remove-deployment.ts'
import { updateDeployment } from './update-deployment.ts'

export const deploymentsRouter = router({
  list: signedIn.input(DeploymentsAsked).query(({ ctx, input }) => listDeployments(ctx.scope, input).then(toWire)),
  get: signedIn
    .input(z.object({ id: IdText('dep') }))
    .query(({ ctx, input }) => deployment(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewDeployment).mutation(({ ctx, input }) => createDeployment(ctx.scope, input).then(toWire)),
  update: signedIn
    .input(DeploymentChange)
    .mutation(({ ctx, input }) => updateDeployment(ctx.scope, input).then(toWire)),
  remove: signedIn.input(DeploymentRemoval).mutation(async ({ ctx, input }) => {
    await removeDeployment(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
