import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { createView } from './create-view.ts'
import { listViews, ViewsAsked } from './list-views.ts'
import { removeView, ViewRemoval } from './remove-view.ts'
import { savedView } from './saved-view.ts'
import { updateView } from './update-view.ts'
import { NewView, ViewChange } from './view-input.ts'

export const savedViewsRouter = router({
  list: signedIn.input(ViewsAsked).query(({ ctx, input }) => listViews(ctx.scope, input).then(toWire)),
  get: signedIn
    .input(z.object({ id: IdText('view') }))
    .query(({ ctx, input }) => savedView(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewView).mutation(({ ctx, input }) => createView(ctx.scope, input).then(toWire)),
  update: signedIn.input(ViewChange).mutation(({ ctx, input }) => updateView(ctx.scope, input).then(toWire)),
  remove: signedIn.input(ViewRemoval).mutation(async ({ ctx, input }) => {
    await removeView(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
