import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { deliverBeside } from './deliver-beside.ts'
import { DeliveriesAsked, listDeliveries, oneDelivery } from './list-deliveries.ts'
import { retryDelivery } from './retry-delivery.ts'

const DeliveryAsked = z.object({ id: IdText('dlv') })

export const deliveriesRouter = router({
  list: signedIn.input(DeliveriesAsked).query(({ ctx, input }) => listDeliveries(ctx.scope, input).then(toWire)),
  get: signedIn.input(DeliveryAsked).query(({ ctx, input }) => oneDelivery(ctx.scope, input).then(toWire)),
  retry: signedIn.input(DeliveryAsked).mutation(async ({ ctx, input }) => {
    const answer = await retryDelivery(ctx.scope, input)
    deliverBeside(ctx.scope, ctx)
    return toWire(answer)
  }),
})
