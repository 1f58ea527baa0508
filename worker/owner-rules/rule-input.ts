import { z } from 'zod'
import { OWNER_RULE_FIELDS } from '../../db/units/owner-rule-fields.ts'
import { IdText, LineText, SeenVersion } from '../input-fields.ts'

/** One team, or a split over several: equal parts, parts by given weights, or by the GPU time that they held that day. */
export const OWNER_KINDS = ['team', 'even', 'weighted', 'proportional'] as const
export type OwnerKind = (typeof OWNER_KINDS)[number]

/** Teams that one split names; of more, `proportional` needs no list. */
export const MOST_TEAMS = 100

const Weight = z
  .union([z.string(), z.number()], 'expected a weight such as "2.5"')
  .meta({ examples: ['2.5'] })
  .transform((given) => String(given).trim())
  .pipe(
    z
      .string()
      .regex(/^(?=.*[1-9])\d{1,6}(\.\d{1,6})?$/, 'expected a weight above 0 and below 1,000,000, such as "2.5"')
      .transform(plainWeight),
  )

/** Whose a charge or a job becomes. */
export const OwnerInput = z
  .object({
    kind: z.enum(OWNER_KINDS).describe('team: one team; the others split, and are for rules on bill lines'),
    teams: z
      .array(z.object({ teamId: IdText('team'), weight: Weight.optional() }))
      .max(MOST_TEAMS, `names at most ${MOST_TEAMS} teams`)
      .default([])
      .describe(
        'team: exactly one; weighted: each with its weight; even without any: all teams there are when the rules are applied; proportional without any: all that held GPUs that day',
      ),
  })
  .superRefine(({ kind, teams }, context) => {
    const complain = (message: string) => context.addIssue({ code: 'custom', path: ['teams'], message })
    if (kind === 'team' && teams.length !== 1) complain('one team is needed')
    if (kind === 'weighted' && teams.length === 0) complain('at least one team is needed')
    if (kind === 'weighted' && teams.some(({ weight }) => weight === undefined)) complain('each team needs a weight')
    if (kind !== 'weighted' && teams.some(({ weight }) => weight !== undefined))
      complain('weights are for a weighted split')
    if (new Set(teams.map(({ teamId }) => teamId)).size < teams.length) complain('a team is named twice')
  })
export type OwnerInput = z.output<typeof OwnerInput>

/** Trailing zeros away, so that equal weights are equal text. */
function plainWeight(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.')
  const [digits, rest] = [whole.replace(/^0+(?=\d)/, ''), fraction.replace(/0+$/, '')]
  return rest ? `${digits}.${rest}` : digits
}

/** What a rule looks at, and for what. */
export const RuleFields = {
  priority: z.coerce.number<number>().int().min(0).max(1_000_000).optional().describe('Absent: behind all others'),
  field: z.enum(OWNER_RULE_FIELDS).describe('account, tag, service, region: of bill lines; user, job_name: of jobs'),
  tagKey: LineText(200).optional().describe('Which tag, exactly as on the bill; for the field tag'),
  pattern: LineText(200)
    .min(1, 'a pattern is needed')
    .refine((text) => (text.match(/\*/g)?.length ?? 0) <= 10, 'has at most ten *')
    .describe('* stands for any text, also none; without regard to case')
    .meta({ examples: ['ml-*'] }),
  note: LineText(500).optional(),
}

export const NewRule = z.object({ ...RuleFields, owner: OwnerInput })

/** What is absent stays. A rule that is not about a tag any more needs no key. */
export const RuleChange = z.object({
  ...RuleFields,
  id: IdText('own'),
  version: SeenVersion,
  field: RuleFields.field.optional(),
  pattern: RuleFields.pattern.optional(),
  owner: OwnerInput.optional(),
})
