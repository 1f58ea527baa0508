import { asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { OWNER_RULE_FIELDS, type OwnerRuleField, ownerRules } from '../../db/schema/owner-rules.ts'
import type { Id, TeamId } from '../../db/units/ids.ts'
import { AnsweredId, Instant, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'
import { Owner, type OwnerOf, ownerAnswer, ownerWords, readOwner, teamNames } from './owner.ts'

/** What a rule looks at on jobs; the other fields are looked at on bill lines. */
const JOB_FIELDS: readonly OwnerRuleField[] = ['user', 'job_name']

/** Rules that there may be: each is compared with every kind of charge and every job. */
export const MOST_RULES = 500

/** Whose the charges or jobs that match are. */
export const OwnerRule = z.object({
  id: AnsweredId('own'),
  priority: z.number().int().describe('The lowest number that matches wins; among equal ones the older rule'),
  field: z.enum(OWNER_RULE_FIELDS).describe('account, tag, service, region: of bill lines; user, job_name: of jobs'),
  tagKey: z.string().describe('Which tag; empty for other fields'),
  pattern: z.string().meta({ examples: ['ml-*'] }),
  owner: Owner,
  note: z.string(),
  createdAtMs: Instant,
  updatedAtMs: Instant,
})
export type OwnerRule = z.output<typeof OwnerRule>

export const OwnerRuleAlone = OwnerRule.extend({ version: Version })
export type OwnerRuleAlone = z.output<typeof OwnerRuleAlone>

/** A rule as it is stored, its owner read. */
export type StoredRule = Omit<OwnerRule, 'owner'> & { owner: OwnerOf }

/** What can read: the database, or a transaction. */
export type Reader = Pick<Scope['db'], 'select' | 'all'>

/** All rules in their order. */
export async function readRules(reader: Reader): Promise<StoredRule[]> {
  const rows = await reader.select().from(ownerRules).orderBy(asc(ownerRules.priority), asc(ownerRules.id))
  return rows.map((row) => ({ ...row, owner: readOwner(row.owner) }))
}

/** The stored rule. @throws HelioxError not_found `owner_rules.no_rule` */
export async function readRule(reader: Reader, id: Id<'own'>): Promise<StoredRule> {
  const [row] = await reader.select().from(ownerRules).where(eq(ownerRules.id, id))
  if (!row) throw new HelioxError('not_found', 'owner_rules.no_rule', `There is no rule ${id}`)
  return { ...row, owner: readOwner(row.owner) }
}

export const RuleNamed = z.object({ id: IdText('own') })

/** One rule. @throws HelioxError not_found `owner_rules.no_rule` */
export async function ownerRule(scope: Scope, { id }: { id: Id<'own'> }): Promise<OwnerRuleAlone> {
  allow(scope, 'bill-rules:read')
  const rule = await readRule(scope.db, id)
  return answered(rule, await teamNames(scope.db))
}

/** The rule with its version: that of what is stored, whatever its teams are called by now. */
export function answered(rule: StoredRule, names: ReadonlyMap<TeamId, string>): OwnerRuleAlone {
  return { ...ruleAnswer(rule, names), version: versioned(rule).version }
}

export function ruleAnswer(rule: StoredRule, names: ReadonlyMap<TeamId, string>): OwnerRule {
  return { ...rule, owner: ownerAnswer(rule.owner, names) }
}

/**
 * Which tag a tag's rule is about, and that only what is billed is split.
 *
 * @throws HelioxError invalid `owner_rules.no_tag_key`, `owner_rules.tag_key_elsewhere`, `owner_rules.bad_tag_key`,
 *   `owner_rules.split_of_jobs`
 */
export function requireSense({ field, tagKey, owner }: Pick<StoredRule, 'field' | 'tagKey' | 'owner'>): void {
  const refuse = (code: string, message: string): never => {
    throw new HelioxError('invalid', `owner_rules.${code}`, message)
  }
  if (field === 'tag' && tagKey === '') refuse('no_tag_key', 'A rule on tags needs the key of the tag')
  if (field !== 'tag' && tagKey !== '') refuse('tag_key_elsewhere', 'Only a rule on tags has the key of a tag')
  if (/["\\]/.test(tagKey)) refuse('bad_tag_key', 'The key of a tag cannot have " or \\ in it')
  if (isOfJobs(field) && 'split' in owner)
    refuse('split_of_jobs', 'A job is one team’s: only rules on bill lines can split')
}

/** Whether the rule is about jobs; else about bill lines. */
export function isOfJobs(field: OwnerRuleField): boolean {
  return JOB_FIELDS.includes(field)
}

/** What the audit log calls it. */
export function nameOf(
  { field, tagKey, pattern, owner }: Pick<StoredRule, 'field' | 'tagKey' | 'pattern' | 'owner'>,
  names: ReadonlyMap<TeamId, string>,
): string {
  return `${field === 'tag' ? `tag ${tagKey}` : field} ${pattern} → ${ownerWords(owner, names)}`.slice(0, 300)
}
