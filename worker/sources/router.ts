import { z } from 'zod'
import type { Asking } from '../asking.ts'
import { IdText, Paging, SeenVersion } from '../input-fields.ts'
import type { Scope } from '../scope.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { createSource } from './create-source.ts'
import { listRuns, listSources, oneSource, sourceKinds } from './list-sources.ts'
import { removeSource } from './remove-source.ts'
import { runNow } from './run-now.ts'
import { NewSource, SourceChanges } from './source-input.ts'
import { TriedSource, trySource } from './try-source.ts'
import { updateSource } from './update-source.ts'

const SourceAsked = z.object({ id: IdText('src') })
const inRoom = ({ scope, settings }: Pick<Asking, 'settings'> & { scope: Scope }) => ({ ...scope, settings })

export const sourcesRouter = router({
  kinds: signedIn.query(({ ctx }) => sourceKinds(ctx.scope)),
  list: signedIn.input(z.object(Paging)).query(({ ctx, input }) => listSources(inRoom(ctx), input).then(toWire)),
  get: signedIn.input(SourceAsked).query(({ ctx, input }) => oneSource(inRoom(ctx), input).then(toWire)),
  create: signedIn.input(NewSource).mutation(({ ctx, input }) => createSource(inRoom(ctx), input).then(toWire)),
  update: signedIn
    .input(SourceChanges.extend({ id: IdText('src') }))
    .mutation(({ ctx, input }) => updateSource(inRoom(ctx), input).then(toWire)),
  remove: signedIn.input(SourceAsked.extend({ version: SeenVersion })).mutation(async ({ ctx, input }) => {
    await removeSource(inRoom(ctx), input)
    return { status: 'success' as const }
  }),
  test: signedIn.input(TriedSource).mutation(({ ctx, input }) => trySource(inRoom(ctx), input)),
  run: signedIn.input(SourceAsked).mutation(({ ctx, input }) => runNow(inRoom(ctx), input).then(toWire)),
  runs: signedIn.input(SourceAsked.extend(Paging)).query(({ ctx, input }) => listRuns(ctx.scope, input).then(toWire)),
})
