import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { settings } from './settings.ts'
import { SettingsChange, updateSettings } from './update-settings.ts'

export const settingsRouter = router({
  get: signedIn.query(({ ctx }) => settings(ctx.scope).then(toWire)),
  update: signedIn.input(SettingsChange).mutation(({ ctx, input }) => updateSettings(ctx.scope, input).then(toWire)),
})
