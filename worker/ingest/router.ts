import { z } from 'zod'
import { IdText, Paging } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { Replay, replayUpload } from '../uploads/replay-upload.ts'
import { toWire } from '../wire.ts'
import { cancelImport, ImportCancelling } from './cancel-import.ts'
import { demoStatus, removeDemo } from './demo.ts'
import { importBills } from './import-bills.ts'
import { importReasons, ReasonsAsked } from './import-reasons.ts'
import { importView } from './import-view.ts'
import { importFormats } from './importers/index.ts'
import { ImportsAsked, importErrors, listImports, RowsAsked } from './list-imports.ts'
import { loadDemoNow } from './load-demo.ts'
import { ImportRemoval, removeImport } from './remove-import.ts'
import { RowsToRetry, retryRows } from './retry-rows.ts'

const ImportAsked = z.object({ importId: IdText('imp') })

export const importsRouter = router({
  formats: signedIn.query(({ ctx }) => importFormats(ctx.scope)),
  list: signedIn.input(ImportsAsked).query(({ ctx, input }) => listImports(ctx.scope, input).then(toWire)),
  get: signedIn.input(ImportAsked).query(({ ctx, input }) => importView(ctx.scope, input.importId).then(toWire)),
  errors: signedIn
    .input(RowsAsked.extend(Paging))
    .query(({ ctx, input }) => importErrors(ctx.scope, input).then(toWire)),
  reasons: signedIn.input(ReasonsAsked).query(({ ctx, input }) => importReasons(ctx.scope, input).then(toWire)),
  bills: signedIn.input(ImportAsked).query(({ ctx, input }) => importBills(ctx.scope, input).then(toWire)),
  retry: signedIn.input(RowsToRetry).mutation(({ ctx, input }) => retryRows(ctx.scope, input).then(toWire)),
  cancel: signedIn
    .input(ImportCancelling)
    .mutation(({ ctx, input }) => cancelImport(ctx.scope, input, ctx.kept).then(toWire)),
  replay: signedIn.input(Replay).mutation(({ ctx, input }) => replayUpload(ctx.scope, input, ctx.kept).then(toWire)),
  remove: signedIn.input(ImportRemoval).mutation(({ ctx, input }) => removeImport(ctx.scope, input).then(toWire)),
})

export const demoRouter = router({
  status: signedIn.query(({ ctx }) => demoStatus(ctx.scope)),
  load: signedIn.mutation(({ ctx }) => loadDemoNow(ctx.scope)),
  remove: signedIn.mutation(async ({ ctx }) => {
    await removeDemo(ctx.scope)
    return { status: 'success' as const }
  }),
})
