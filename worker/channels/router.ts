import { z } from 'zod'
import { deliverBeside } from '../deliveries/deliver-beside.ts'
import { IdText, Paging, SeenVersion } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { ChannelChanges, NewChannel } from './channel-input.ts'
import { createChannel } from './create-channel.ts'
import { channelKinds, listChannels, oneChannel } from './list-channels.ts'
import { removeChannel } from './remove-channel.ts'
import { testChannel } from './test-channel.ts'
import { updateChannel } from './update-channel.ts'

const ChannelAsked = z.object({ id: IdText('chan') })

export const channelsRouter = router({
  list: signedIn.input(z.object(Paging)).query(({ ctx, input }) => listChannels(ctx.scope, input).then(toWire)),
  get: signedIn.input(ChannelAsked).query(({ ctx, input }) => oneChannel(ctx.scope, input).then(toWire)),
  kinds: signedIn.query(({ ctx }) => channelKinds({ ...ctx.scope, settings: ctx.settings })),
  create: signedIn
    .input(NewChannel)
    .mutation(({ ctx, input }) => createChannel({ ...ctx.scope, settings: ctx.settings }, input).then(toWire)),
  update: signedIn
    .input(ChannelChanges.extend({ id: IdText('chan') }))
    .mutation(({ ctx, input }) => updateChannel({ ...ctx.scope, settings: ctx.settings }, input).then(toWire)),
  remove: signedIn.input(ChannelAsked.extend({ version: SeenVersion })).mutation(async ({ ctx, input }) => {
    await removeChannel({ ...ctx.scope, settings: ctx.settings }, input)
    return { status: 'success' as const }
  }),
  test: signedIn.input(ChannelAsked).mutation(async ({ ctx, input }) => {
    const answer = await testChannel({ ...ctx.scope, settings: ctx.settings }, input)
    if (answer.isFine) deliverBeside(ctx.scope, ctx)
    return answer
  }),
})
