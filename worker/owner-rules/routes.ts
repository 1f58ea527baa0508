import { z } from 'zod'
import { rest } from '../rest.ts'
import { Applied, applyOwnerRules } from './apply-rules.ts'
import { createRule } from './create-rule.ts'
import { HistoryAsked, HistoryPage, ruleHistory } from './history.ts'
import { listRules, RulesAsked, RulesPage } from './list-rules.ts'
import { OwnerRuleAlone, ownerRule, RuleNamed } from './owner-rule.ts'
import { Preview, previewRules } from './preview-rules.ts'
import { RuleRemoval, removeRule } from './remove-rule.ts'
import { NewOrder, reorderRules } from './reorder-rules.ts'
import { NewRule, RuleChange } from './rule-input.ts'
import { updateRule } from './update-rule.ts'

const Nothing = z.object({})

export const ownerRulesRoutes = [
  rest(
    'GET',
    '/owner-rules',
    { summary: 'Rules that say who pays, in the order in which they are asked', input: RulesAsked, answers: RulesPage },
    listRules,
  ),
  rest(
    'POST',
    '/owner-rules',
    {
      summary: 'Write a rule down; it holds from when the rules are applied',
      input: NewRule,
      answers: OwnerRuleAlone,
      status: 201,
    },
    createRule,
  ),
  rest(
    'GET',
    '/owner-rules/preview',
    {
      summary: 'What would move if the rules were applied as they stand',
      input: Nothing,
      answers: Preview,
      document: { operationId: 'previewOwnerRules' },
    },
    previewRules,
  ),
  rest(
    'GET',
    '/owner-rules/history',
    {
      summary: 'The rules as they were applied, the last first, and what moved',
      input: HistoryAsked,
      answers: HistoryPage,
      document: { operationId: 'listAppliedOwnerRules' },
    },
    ruleHistory,
  ),
  rest(
    'POST',
    '/owner-rules/apply',
    {
      summary: 'Apply the rules as they stand, to what is there and to what comes',
      input: Nothing,
      answers: Applied,
      document: { operationId: 'applyOwnerRules' },
    },
    async (scope) => applyOwnerRules(scope),
  ),
  rest(
    'POST',
    '/owner-rules/order',
    {
      summary: 'Put the rules in another order',
      input: NewOrder,
      answers: NewOrder,
      document: { operationId: 'reorderOwnerRules', errors: ['conflict'] },
    },
    reorderRules,
  ),
  rest('GET', '/owner-rules/:id', { summary: 'One rule', input: RuleNamed, answers: OwnerRuleAlone }, ownerRule),
  rest('PUT', '/owner-rules/:id', { summary: 'Change a rule', input: RuleChange, answers: OwnerRuleAlone }, updateRule),
  rest(
    'DELETE',
    '/owner-rules/:id',
    { summary: 'Take a rule off the list', input: RuleRemoval, status: 204 },
    async (scope, input) => removeRule(scope, input),
  ),
]
