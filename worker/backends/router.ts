import { z } from 'zod'
import { IdText, Paging, SeenVersion } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { inBackends } from './backend.ts'
import { BackendChanges, NewBackend, RouteChange } from './backend-input.ts'
import { createBackend } from './create-backend.ts'
import { listBackends, oneBackend } from './list-backends.ts'
import { listRoutes, setRoute } from './model-routes.ts'
import { removeBackend } from './remove-backend.ts'
import { TriedBackend, tryBackend, tryStored } from './try-backend.ts'
import { updateBackend } from './update-backend.ts'

const BackendAsked = z.object({ id: IdText('bknd') })

export const backendsRouter = router({
  list: signedIn
    .input(z.object(Paging))
    .query(({ ctx, input }) => listBackends(inBackends(ctx.scope, ctx), input).then(toWire)),
  get: signedIn
    .input(BackendAsked)
    .query(({ ctx, input }) => oneBackend(inBackends(ctx.scope, ctx), input).then(toWire)),
  create: signedIn
    .input(NewBackend)
    .mutation(({ ctx, input }) => createBackend(inBackends(ctx.scope, ctx), input).then(toWire)),
  update: signedIn
    .input(BackendChanges.extend({ id: IdText('bknd') }))
    .mutation(({ ctx, input }) => updateBackend(inBackends(ctx.scope, ctx), input).then(toWire)),
  remove: signedIn.input(BackendAsked.extend({ version: SeenVersion })).mutation(async ({ ctx, input }) => {
    await removeBackend(inBackends(ctx.scope, ctx), input)
    return { status: 'success' as const }
  }),
  test: signedIn.input(TriedBackend).mutation(({ ctx, input }) => tryBackend(inBackends(ctx.scope, ctx), input)),
  try: signedIn.input(BackendAsked).mutation(({ ctx, input }) => tryStored(inBackends(ctx.scope, ctx), input)),
  routes: signedIn
    .input(z.object(Paging))
    .query(({ ctx, input }) => listRoutes(inBackends(ctx.scope, ctx), input).then(toWire)),
  setRoute: signedIn
    .input(RouteChange)
    .mutation(({ ctx, input }) => setRoute(inBackends(ctx.scope, ctx), input).then(toWire)),
})
