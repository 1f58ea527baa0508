import type { Answers, Questions } from '../../api.ts'
import { formatCountOf } from '../../format/count.ts'

export type Rule = Answers['ownerRules']['list']['rules'][number]
export type RuleAlone = Answers['ownerRules']['get']
export type RuleInput = Questions['ownerRules']['create']
export type Owner = Rule['owner']
export type Field = Rule['field']

/** What a rule can look at: its name in a list, and in a sentence. */
export const FIELDS: Record<Field, { name: string; says: string; isOfJobs: boolean }> = {
  account: { name: 'Account of the bill', says: 'account', isOfJobs: false },
  tag: { name: 'Tag on the bill', says: 'tag', isOfJobs: false },
  service: { name: 'Service on the bill', says: 'service', isOfJobs: false },
  region: { name: 'Region on the bill', says: 'region', isOfJobs: false },
  user: { name: 'User of the job', says: 'user', isOfJobs: true },
  job_name: { name: 'Name of the job', says: 'job name', isOfJobs: true },
}

export const KINDS: Record<Owner['kind'], string> = {
  team: 'One team',
  even: 'Several teams, in equal parts',
  weighted: 'Several teams, by weights',
  proportional: 'Several teams, by the GPU time they held that day',
}

/** "account ml-*", "tag team: web". */
export function conditionOf({ field, tagKey, pattern }: Pick<Rule, 'field' | 'tagKey' | 'pattern'>): string {
  return field === 'tag' ? `tag ${tagKey}: ${pattern}` : `${FIELDS[field].says} ${pattern}`
}

/** "research", "2 teams equally: a, b", "all teams by GPU time". */
export function ownerWords({ kind, teams }: Owner): string {
  const name = (team: Owner['teams'][number]) => team.name ?? `${team.teamId} (gone)`
  if (kind === 'team') return teams.map(name).join()
  if (teams.length === 0) return kind === 'even' ? 'all teams equally' : 'all teams by GPU time'
  const count = formatCountOf(teams.length, 'team')
  if (kind === 'weighted')
    return `${count} by weight: ${teams.map((team) => `${name(team)} ${team.weight}`).join(', ')}`
  return `${count} ${kind === 'even' ? 'equally' : 'by GPU time'}: ${teams.map(name).join(', ')}`
}

/** What the form says. A weight that is left empty is a team that has no part. */
export function readRuleForm(form: FormData): RuleInput {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const field = text('field') as Field
  const kind = (FIELDS[field].isOfJobs ? 'team' : text('kind')) as Owner['kind']
  return {
    ...{ field, pattern: text('pattern'), tagKey: field === 'tag' ? text('tagKey') : '', note: text('note') },
    owner: { kind, teams: teamsIn(form, kind) },
  }
}

function teamsIn(form: FormData, kind: Owner['kind']): { teamId: string; weight?: string }[] {
  if (kind === 'team') return [{ teamId: String(form.get('team') ?? '') }]
  if (kind !== 'weighted') return form.getAll('teams').map((teamId) => ({ teamId: String(teamId) }))
  return [...form.entries()]
    .filter(([name, value]) => name.startsWith('weight ') && String(value).trim() !== '')
    .map(([name, value]) => ({ teamId: name.slice('weight '.length), weight: String(value).trim() }))
}
