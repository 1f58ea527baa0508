import { z } from 'zod'
import { IdText, Paging } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { demoStatus, removeDemo } from './demo.ts'
import { importErrors, importView, listImports } from './import-view.ts'
import { IMPORTERS } from './importers/index.ts'

const ImportAsked = z.object({ importId: IdText('imp') })

export const importsRouter = router({
  formats: signedIn.query(() => IMPORTERS.map(({ id, label, kind, accept }) => ({ id, label, kind, accept }))),
  list: signedIn.input(z.object(Paging)).query(({ ctx, input }) => listImports(ctx.scope, input).then(toWire)),
  get: signedIn.input(ImportAsked).query(({ ctx, input }) => importView(ctx.scope, input.importId).then(toWire)),
  errors: signedIn
    .input(ImportAsked.extend(Paging))
    .query(({ ctx, input }) => importErrors(ctx.scope, input).then(toWire)),
})

export const demoRouter = router({
  status: signedIn.query(({ ctx }) => demoStatus(ctx.scope)),
  remove: signedIn.mutation(({ ctx }) => removeDemo(ctx.scope)),
})
