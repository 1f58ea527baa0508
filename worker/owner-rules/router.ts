import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { applyOwnerRules } from './apply-rules.ts'
import { createRule } from './create-rule.ts'
import { HistoryAsked, ruleHistory } from './history.ts'
import { listRules, RulesAsked } from './list-rules.ts'
import { ownerRule, RuleNamed } from './owner-rule.ts'
import { previewRules } from './preview-rules.ts'
import { RuleRemoval, removeRule } from './remove-rule.ts'
import { NewOrder, reorderRules } from './reorder-rules.ts'
import { NewRule, RuleChange } from './rule-input.ts'
import { updateRule } from './update-rule.ts'

export const ownerRulesRouter = router({
  list: signedIn.input(RulesAsked).query(({ ctx, input }) => listRules(ctx.scope, input).then(toWire)),
  get: signedIn.input(RuleNamed).query(({ ctx, input }) => ownerRule(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewRule).mutation(({ ctx, input }) => createRule(ctx.scope, input).then(toWire)),
  update: signedIn.input(RuleChange).mutation(({ ctx, input }) => updateRule(ctx.scope, input).then(toWire)),
  remove: signedIn.input(RuleRemoval).mutation(async ({ ctx, input }) => {
    await removeRule(ctx.scope, input)
    return { status: 'success' as const }
  }),
  reorder: signedIn.input(NewOrder).mutation(({ ctx, input }) => reorderRules(ctx.scope, input).then(toWire)),
  preview: signedIn.query(({ ctx }) => previewRules(ctx.scope).then(toWire)),
  applyAll: signedIn.mutation(({ ctx }) => applyOwnerRules(ctx.scope).then(toWire)),
  history: signedIn.input(HistoryAsked).query(({ ctx, input }) => ruleHistory(ctx.scope, input).then(toWire)),
})
