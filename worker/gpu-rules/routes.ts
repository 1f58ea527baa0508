import { rest } from '../rest.ts'
import { applyRule, RuleNamed } from './apply-rule.ts'
import { createRule } from './create-rule.ts'
import { GpuRuleAlone, GpuRuleChanged, gpuRule, Moved } from './gpu-rule.ts'
import { listRules, RulesAsked, RulesPage } from './list-rules.ts'
import { Preview, PreviewAsked, previewRule } from './preview-rule.ts'
import { Recognised, RecognisedAsked, recognised } from './recognised.ts'
import { RuleRemoval, removeRule } from './remove-rule.ts'
import { NewRule, RuleChange } from './rule-input.ts'
import { UnrecognisedAsked, UnrecognisedPage, unrecognised } from './unrecognised.ts'
import { updateRule } from './update-rule.ts'

export const gpuRulesRoutes = [
  rest(
    'GET',
    '/gpu-rules',
    { summary: 'Rules that say which bill lines are GPUs, the newest first', input: RulesAsked, answers: RulesPage },
    listRules,
  ),
  rest(
    'POST',
    '/gpu-rules',
    {
      summary: 'Make a rule, for bills that are there and to come',
      input: NewRule,
      answers: GpuRuleChanged,
      status: 201,
    },
    createRule,
  ),
  rest(
    'GET',
    '/gpu-rules/recognised',
    {
      summary: 'What bill lines were recognised as, and how',
      input: RecognisedAsked,
      answers: Recognised,
      document: { operationId: 'getRecognisedGpus' },
    },
    recognised,
  ),
  rest(
    'GET',
    '/gpu-rules/unrecognised',
    {
      summary: 'Bill lines that are no GPU as far as is known, the largest amount first',
      input: UnrecognisedAsked,
      answers: UnrecognisedPage,
      document: { operationId: 'listUnrecognisedLines' },
    },
    unrecognised,
  ),
  rest(
    'POST',
    '/gpu-rules/preview',
    {
      summary: 'What a rule would move, without moving it',
      input: PreviewAsked,
      answers: Preview,
      document: { operationId: 'previewGpuRule' },
    },
    previewRule,
  ),
  rest('GET', '/gpu-rules/:id', { summary: 'One rule', input: RuleNamed, answers: GpuRuleAlone }, gpuRule),
  rest('PUT', '/gpu-rules/:id', { summary: 'Change a rule', input: RuleChange, answers: GpuRuleChanged }, updateRule),
  rest(
    'POST',
    '/gpu-rules/:id/apply',
    { summary: 'Apply a rule to the bills that are there once more', input: RuleNamed, answers: Moved },
    applyRule,
  ),
  rest(
    'DELETE',
    '/gpu-rules/:id',
    { summary: 'Take a rule away; its lines become what they are without it', input: RuleRemoval, status: 204 },
    async (scope, input) => removeRule(scope, input),
  ),
]
