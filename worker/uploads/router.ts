import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { Announcement, announceUpload } from './announce-upload.ts'
import { completeUpload, discardUpload, UploadAsked } from './complete-upload.ts'
import { uploadOf } from './upload-of.ts'

/** The parts themselves travel by REST alone. */
export const uploadsRouter = router({
  announce: signedIn.input(Announcement).mutation(({ ctx, input }) => announceUpload(ctx.scope, input, ctx.settings)),
  get: signedIn
    .input(UploadAsked)
    .query(({ ctx, input }) => uploadOf(ctx.scope, input.uploadId, ctx.kept, ctx.settings.maxUploadBytes)),
  complete: signedIn
    .input(UploadAsked)
    .mutation(({ ctx, input }) => completeUpload(ctx.scope, input, ctx.kept, ctx.settings.maxKeptBytes).then(toWire)),
  discard: signedIn.input(UploadAsked).mutation(async ({ ctx, input }) => {
    await discardUpload(ctx.scope, input, ctx.kept)
    return { status: 'success' as const }
  }),
})
