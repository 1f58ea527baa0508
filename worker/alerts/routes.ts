import { z } from 'zod'
import { rest } from '../rest.ts'
import { AlertAlone } from './alert.ts'
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
import { AlertRule } from './alert-rule.ts'
import { acknowledgeAlert, resolveAlert } from './close-alert.ts'
import { createRule } from './create-rule.ts'
import { AlertPage, listAlerts, oneAlert } from './list-alerts.ts'
import { AlertRulePage, alertKinds, listRules, oneRule } from './list-rules.ts'
import { ChannelChoices, channelChoices } from './rule-channel-choices.ts'
import { AlertKinds } from './rule-params.ts'
import { AlertSilence, AlertSilencePage, createSilence, listSilences, removeSilence } from './silences.ts'
import { TriedRule, tryRule } from './try-rule.ts'
import { removeRule, updateRule } from './update-rule.ts'

// What is named stands before /alerts/:id.
export const alertsRoutes = [
  rest(
    'GET',
    '/alerts/kinds',
    { summary: 'The kinds of alert rules, and what each needs to know', input: z.object({}), answers: AlertKinds },
    alertKinds,
  ),
  rest(
    'GET',
    '/alerts/channels',
    { summary: 'Channels that alert rules may be told in', input: z.object({}), answers: ChannelChoices },
    channelChoices,
  ),
  rest('GET', '/alerts/rules', { summary: 'Alert rules', input: AlertRulesAsked, answers: AlertRulePage }, listRules),
  rest(
    'POST',
    '/alerts/rules',
    { summary: 'Make an alert rule', input: NewAlertRule, answers: AlertRule, status: 201 },
    createRule,
  ),
  rest('GET', '/alerts/rules/:id', { summary: 'One alert rule', input: AlertRuleNamed, answers: AlertRule }, oneRule),
  rest(
    'PUT',
    '/alerts/rules/:id',
    { summary: 'Change an alert rule; its params are given whole', input: AlertRuleChanges, answers: AlertRule },
    updateRule,
  ),
  rest(
    'DELETE',
    '/alerts/rules/:id',
    { summary: 'Remove an alert rule with its alerts', input: AlertRuleRemoval, status: 204 },
    removeRule,
  ),
  rest(
    'POST',
    '/alerts/rules/:id/try',
    { summary: 'What a rule would find now; nothing is stored or told', input: AlertRuleNamed, answers: TriedRule },
    (scope, asked, { settings, meter }) => tryRule({ ...scope, settings, meter: meter ?? null }, asked),
  ),
  rest(
    'GET',
    '/alerts/silences',
    { summary: 'Silences that have not ended', input: SilencesAsked, answers: AlertSilencePage },
    listSilences,
  ),
  rest(
    'POST',
    '/alerts/silences',
    {
      summary: 'Silence an alert, a rule, a team, or everything',
      input: NewSilence,
      answers: AlertSilence,
      status: 201,
    },
    createSilence,
  ),
  rest(
    'DELETE',
    '/alerts/silences/:id',
    { summary: 'End a silence at once', input: SilenceNamed, status: 204 },
    removeSilence,
  ),
  rest('GET', '/alerts', { summary: 'Alerts, the newest first', input: AlertsAsked, answers: AlertPage }, listAlerts),
  rest(
    'GET',
    '/alerts/:id',
    { summary: 'One alert with its history', input: AlertNamed, answers: AlertAlone },
    oneAlert,
  ),
  rest(
    'POST',
    '/alerts/:id/acknowledge',
    { summary: 'Acknowledge an alert: it is not told again', input: AlertNoted, answers: AlertAlone },
    acknowledgeAlert,
  ),
  rest(
    'POST',
    '/alerts/:id/resolve',
    {
      summary: 'Close an alert; it comes back only after its condition has ended',
      input: AlertNoted,
      answers: AlertAlone,
    },
    resolveAlert,
  ),
]
