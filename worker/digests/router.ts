import { z } from 'zod'
import { IdText, Paging, SeenVersion } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { DigestAsked } from './digest.ts'
import { DigestChanges, NewDigest } from './digest-input.ts'
import { listDigests, oneDigest } from './list-digests.ts'
import { previewDigest } from './preview.ts'
import { createDigest, removeDigest, updateDigest } from './write-digests.ts'

const Asked = z.object({ id: IdText('dig') })

export const digestsRouter = router({
  preview: signedIn.input(DigestAsked).query(({ ctx, input }) => previewDigest(ctx.scope, input).then(toWire)),
  list: signedIn.input(z.object(Paging)).query(({ ctx, input }) => listDigests(ctx.scope, input).then(toWire)),
  get: signedIn.input(Asked).query(({ ctx, input }) => oneDigest(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewDigest).mutation(({ ctx, input }) => createDigest(ctx.scope, input).then(toWire)),
  update: signedIn
    .input(DigestChanges.extend({ id: IdText('dig') }))
    .mutation(({ ctx, input }) => updateDigest(ctx.scope, input).then(toWire)),
  remove: signedIn.input(Asked.extend({ version: SeenVersion })).mutation(async ({ ctx, input }) => {
    await removeDigest(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
