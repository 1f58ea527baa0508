import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { applyRule, RuleNamed } from './apply-rule.ts'
import { createRule } from './create-rule.ts'
import { gpuRule } from './gpu-rule.ts'
import { listRules, RulesAsked } from './list-rules.ts'
import { PreviewAsked, previewRule } from './preview-rule.ts'
import { RecognisedAsked, recognised } from './recognised.ts'
import { RuleRemoval, removeRule } from './remove-rule.ts'
import { NewRule, RuleChange } from './rule-input.ts'
import { UnrecognisedAsked, unrecognised } from './unrecognised.ts'
import { updateRule } from './update-rule.ts'

export const gpuRulesRouter = router({
  list: signedIn.input(RulesAsked).query(({ ctx, input }) => listRules(ctx.scope, input).then(toWire)),
  recognised: signedIn.input(RecognisedAsked).query(({ ctx, input }) => recognised(ctx.scope, input).then(toWire)),
  unrecognised: signedIn
    .input(UnrecognisedAsked)
    .query(({ ctx, input }) => unrecognised(ctx.scope, input).then(toWire)),
  preview: signedIn.input(PreviewAsked).query(({ ctx, input }) => previewRule(ctx.scope, input).then(toWire)),
  get: signedIn.input(RuleNamed).query(({ ctx, input }) => gpuRule(ctx.scope, input).then(toWire)),
  create: signedIn.input(NewRule).mutation(({ ctx, input }) => createRule(ctx.scope, input).then(toWire)),
  update: signedIn.input(RuleChange).mutation(({ ctx, input }) => updateRule(ctx.scope, input).then(toWire)),
  reapply: signedIn.input(RuleNamed).mutation(({ ctx, input }) => applyRule(ctx.scope, input).then(toWire)),
  remove: signedIn.input(RuleRemoval).mutation(async ({ ctx, input }) => {
    await removeRule(ctx.scope, input)
    return { status: 'success' as const }
  }),
})
