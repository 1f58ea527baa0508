import { z } from 'zod'
import { IdText, SeenVersion } from '../input-fields.ts'
import { keepNowhere } from '../no-store.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { createKey } from './create-key.ts'
import { KeyChanges, NewKey, Rotation } from './key-input.ts'
import { KeysAsked, listKeys, oneKey } from './list-keys.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import { updateKey } from './update-key.ts'

const id = IdText('key')

export const keysRouter = router({
  list: signedIn.input(KeysAsked).query(({ ctx, input }) => listKeys(ctx.scope, input).then(toWire)),
  get: signedIn.input(z.object({ id })).query(({ ctx, input }) => oneKey(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewKey).mutation(({ ctx, input }) => {
    keepNowhere(ctx)
    return createKey(ctx.scope, input).then(toWire)
  }),
  update: signedIn
    .input(KeyChanges.extend({ id }))
    .mutation(({ ctx, input }) => updateKey(ctx.scope, input).then(toWire)),
  rotate: signedIn.input(Rotation.extend({ id })).mutation(({ ctx, input }) => {
    keepNowhere(ctx)
    return rotateKey(ctx.scope, input).then(toWire)
  }),
  revoke: signedIn.input(z.object({ id, version: SeenVersion })).mutation(async ({ ctx, input }) => {
    await revokeKey(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
