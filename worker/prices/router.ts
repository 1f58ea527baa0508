import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { createModelPrice } from './create-model-price.ts'
import { createGpuPrice, GpuPriceRemoval, gpuPrice, removeGpuPrice, updateGpuPrice } from './gpu-prices.ts'
import { importPrices, PriceImport } from './import-prices.ts'
import { GpuPricesAsked, listGpuPrices } from './list-gpu-prices.ts'
import { listModelPrices, ModelPricesAsked } from './list-model-prices.ts'
import { modelPrice } from './model-price.ts'
import { GpuPriceChange, ModelPriceChange, NewGpuPrice, NewModelPrice, Repricing } from './price-input.ts'
import { reprice } from './reprice.ts'
import { unpricedModels } from './unpriced.ts'
import { ModelPriceRemoval, removeModelPrice, updateModelPrice } from './update-model-price.ts'

const models = router({
  list: signedIn.input(ModelPricesAsked).query(({ ctx, input }) => listModelPrices(ctx.scope, input).then(toWire)),
  get: signedIn
    .input(z.object({ id: IdText('price') }))
    .query(({ ctx, input }) => modelPrice(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewModelPrice).mutation(({ ctx, input }) => createModelPrice(ctx.scope, input).then(toWire)),
  update: signedIn
    .input(ModelPriceChange)
    .mutation(({ ctx, input }) => updateModelPrice(ctx.scope, input).then(toWire)),
  remove: signedIn.input(ModelPriceRemoval).mutation(async ({ ctx, input }) => {
    await removeModelPrice(ctx.scope, input)
    return { status: 'success' as const }
  }),
})

const gpus = router({
  list: signedIn.input(GpuPricesAsked).query(({ ctx, input }) => listGpuPrices(ctx.scope, input).then(toWire)),
  get: signedIn
    .input(z.object({ id: IdText('gprice') }))
    .query(({ ctx, input }) => gpuPrice(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewGpuPrice).mutation(({ ctx, input }) => createGpuPrice(ctx.scope, input).then(toWire)),
  update: signedIn.input(GpuPriceChange).mutation(({ ctx, input }) => updateGpuPrice(ctx.scope, input).then(toWire)),
  remove: signedIn.input(GpuPriceRemoval).mutation(async ({ ctx, input }) => {
    await removeGpuPrice(ctx.scope, input)
    return { status: 'success' as const }
  }),
})

export const pricesRouter = router({
  models,
  gpus,
  /** A whole map is larger than a call may be: the page sends it to the REST path. */
  import: signedIn
    .input(PriceImport.extend({ text: z.string() }))
    .mutation(({ ctx, input: { text, ...asked } }) => importPrices(ctx.scope, asked, text).then(toWire)),
  unpriced: signedIn.query(({ ctx }) => unpricedModels(ctx.scope).then(toWire)),
  reprice: signedIn.input(Repricing).mutation(({ ctx, input }) => reprice(ctx.scope, input).then(toWire)),
})
