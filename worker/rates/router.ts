import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { createRate } from './create-rate.ts'
import { listRates, RatesAsked } from './list-rates.ts'
import { rate } from './rate.ts'
import { NewRate, RateChange } from './rate-input.ts'
import { RateRemoval, removeRate } from './remove-rate.ts'
import { updateRate } from './update-rate.ts'

export const ratesRouter = router({
  list: signedIn.input(RatesAsked).query(({ ctx, input }) => listRates(ctx.scope, input).then(toWire)),
  get: signedIn.input(z.object({ id: IdText('rate') })).query(({ ctx, input }) => rate(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewRate).mutation(({ ctx, input }) => createRate(ctx.scope, input).then(toWire)),
  update: signedIn.input(RateChange).mutation(({ ctx, input }) => updateRate(ctx.scope, input).then(toWire)),
  remove: signedIn.input(RateRemoval).mutation(async ({ ctx, input }) => {
    await removeRate(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
