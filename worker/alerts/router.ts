import type { Asking } from '../asking.ts'
import type { Scope } from '../scope.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import {
  AlertNamed,
  AlertNoted,
  AlertRuleChanges,
  AlertRuleNamed,
  AlertRuleRemoval,
  AlertRulesAsked,
  AlertsAsked,
  NewAlertRule,
  NewSilence,
  SilenceNamed,
  SilencesAsked,
} from './alert-input.ts'
import { acknowledgeAlert, resolveAlert } from './close-alert.ts'
import { createRule } from './create-rule.ts'
import { listAlerts, oneAlert } from './list-alerts.ts'
import { alertKinds, listRules, oneRule } from './list-rules.ts'
import { channelChoices } from './rule-channel-choices.ts'
import { createSilence, listSilences, removeSilence } from './silences.ts'
import { tryRule } from './try-rule.ts'
import { removeRule, updateRule } from './update-rule.ts'

const inRoom = ({ scope, settings, meter }: Pick<Asking, 'settings' | 'meter'> & { scope: Scope }) => ({
  ...scope,
  ...{ settings, meter: meter ?? null },
})

export const alertsRouter = router({
  list: signedIn.input(AlertsAsked).query(({ ctx, input }) => listAlerts(ctx.scope, input).then(toWire)),
  get: signedIn.input(AlertNamed).query(({ ctx, input }) => oneAlert(ctx.scope, input).then(toWire)),
  acknowledge: signedIn.input(AlertNoted).mutation(({ ctx, input }) => acknowledgeAlert(ctx.scope, input).then(toWire)),
  resolve: signedIn.input(AlertNoted).mutation(({ ctx, input }) => resolveAlert(ctx.scope, input).then(toWire)),
  kinds: signedIn.query(({ ctx }) => alertKinds(ctx.scope)),
  channels: signedIn.query(({ ctx }) => channelChoices(ctx.scope)),
  rules: signedIn.input(AlertRulesAsked).query(({ ctx, input }) => listRules(ctx.scope, input).then(toWire)),
  rule: signedIn.input(AlertRuleNamed).query(({ ctx, input }) => oneRule(ctx.scope, input).then(toWire)),
  createRule: signedIn.input(NewAlertRule).mutation(({ ctx, input }) => createRule(ctx.scope, input).then(toWire)),
  updateRule: signedIn.input(AlertRuleChanges).mutation(({ ctx, input }) => updateRule(ctx.scope, input).then(toWire)),
  removeRule: signedIn.input(AlertRuleRemoval).mutation(async ({ ctx, input }) => {
    await removeRule(ctx.scope, input)
    return { status: 'success' as const }
  }),
  tryRule: signedIn.input(AlertRuleNamed).mutation(({ ctx, input }) => tryRule(inRoom(ctx), input).then(toWire)),
  silences: signedIn.input(SilencesAsked).query(({ ctx, input }) => listSilences(ctx.scope, input).then(toWire)),
  silence: signedIn.input(NewSilence).mutation(({ ctx, input }) => createSilence(ctx.scope, input).then(toWire)),
  unsilence: signedIn.input(SilenceNamed).mutation(async ({ ctx, input }) => {
    await removeSilence(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
