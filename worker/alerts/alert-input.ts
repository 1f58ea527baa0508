import { z } from 'zod'
import { ALERT_STATUSES, SEVERITIES } from '../../db/units/insight.ts'
import { IdText, InstantText, LineText, Paging, SeenVersion } from '../input-fields.ts'

const MOST_CHANNELS = 20
const WEEK_MINUTES = 7 * 24 * 60
const QUARTER_MINUTES = 92 * 24 * 60

const Value = z.union([z.string().max(500), z.number(), z.boolean()], 'must be text, a number, or true or false')
const Minutes = (most: number) =>
  z.coerce
    .number<number>()
    .int('must be a whole number')
    .min(0, 'must not be below 0')
    .max(most, `must be at most ${most}`)

const Fields = {
  name: LineText(100).min(1, 'is missing'),
  params: z
    .record(z.string().max(60), Value)
    .describe('Thresholds and windows of its kind, see `GET /alerts/kinds`; what is left out has its default')
    .meta({ examples: [{ above_usd: '5000', window: 7 }] }),
  severity: z.enum(SEVERITIES),
  forMinutes: Minutes(WEEK_MINUTES).describe('The condition must have held so long'),
  repeatMinutes: Minutes(5 * WEEK_MINUTES)
    .refine((minutes) => minutes === 0 || minutes >= 5, 'must be 0 or at least 5')
    .describe('While it fires it is told again after so long; 0: told once'),
  isEnabled: z.boolean(),
  channelIds: z
    .array(IdText('chan'))
    .max(MOST_CHANNELS, `must be at most ${MOST_CHANNELS}`)
    .describe('Where it is told: channels of its team or of the company. None: on the page only'),
}

/** A rule that somebody makes. */
export const NewAlertRule = z.object({
  ...Fields,
  kind: z
    .string()
    .max(60)
    .meta({ examples: ['spend'] }),
  teamId: IdText('team').nullish().describe('Whose; nothing: the whole company’s'),
  params: Fields.params.default({}),
  severity: Fields.severity.default('warning'),
  forMinutes: Fields.forMinutes.default(0),
  repeatMinutes: Fields.repeatMinutes.default(0),
  isEnabled: Fields.isEnabled.default(true),
  channelIds: Fields.channelIds.default([]),
})

/** What may be changed: all but the kind and whose it is. `params` is given whole. */
export const AlertRuleChanges = z.object({
  ...z.object(Fields).partial().shape,
  id: IdText('arule'),
  version: SeenVersion,
})

export const AlertRuleNamed = z.object({ id: IdText('arule') })
export const AlertRuleRemoval = z.object({ id: IdText('arule'), version: SeenVersion })
export const AlertRulesAsked = z.object(Paging)

function oneOrMore<S extends z.ZodType>(value: S) {
  return z
    .union([value, z.array(value).max(100)])
    .transform((given): z.output<S>[] => [given].flat() as z.output<S>[])
    .optional()
}

/** Which alerts a list holds: all that is given together, several values of one as alternatives. */
export const AlertsAsked = z.object({
  ...Paging,
  status: oneOrMore(z.enum(ALERT_STATUSES)),
  teamId: oneOrMore(IdText('team')),
  ruleId: oneOrMore(IdText('arule')),
})

export const AlertNamed = z.object({ id: IdText('alert') })

/** What somebody says of an alert. */
export const AlertNoted = z.object({ id: IdText('alert'), note: LineText(500).default('') })

/** A time in which nothing new is said: of one alert, or of a rule, a team, or everything. */
export const NewSilence = z
  .object({
    alertId: IdText('alert').nullish().describe('Of this alert’s rule and group'),
    ruleId: IdText('arule').nullish(),
    teamId: IdText('team').nullish(),
    reason: LineText(500).default(''),
    startsAt: InstantText.optional().describe('Now, if it is not said'),
    minutes: z.coerce.number<number>().int().min(1).max(QUARTER_MINUTES).describe('For so long'),
  })
  .refine(({ alertId, ruleId, teamId }) => !alertId || (!ruleId && !teamId), {
    message: 'an alert has its rule and team already: give one of them',
    path: ['alertId'],
  })

export const SilencesAsked = z.object({ ...Paging })
export const SilenceNamed = z.object({ id: IdText('asil') })
