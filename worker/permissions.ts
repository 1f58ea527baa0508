import { rowOf, type TeamId } from '../db/units/ids.ts'
import { HelioxError } from './errors.ts'
import type { KeyScope, Role, Scope } from './scope.ts'

type Rule = {
  roles: readonly Role[]
  /** Scopes of an API key that carry it, beside `admin`; null: no key does. */
  keyScopes: readonly KeyScope[] | null
}

const ALL: readonly Role[] = ['admin', 'finance', 'developer', 'viewer']

/**
 * Who may do what, on one screen. Which rows is another question: see `visibleTeams`. A key for one team counts as a
 * developer of that team, a key without a team as an administrator; both only within their scopes.
 */
export const PERMISSIONS = {
  /** Teams, jobs, cost entries, usage and every sum of them. */
  'ledger:read': { roles: ALL, keyScopes: ['usage:read'] },
  'jobs:write': { roles: ['admin', 'developer'], keyScopes: ['ingest'] },
  /** Cost entries and measured usage: the company's, not a team's. */
  'bills:write': { roles: ['admin'], keyScopes: ['ingest'] },
  'imports:read': { roles: ALL, keyScopes: ['ingest', 'usage:read'] },
  'imports:write': { roles: ['admin', 'developer'], keyScopes: ['ingest'] },
  /** Where files are pulled from, and what became of it. */
  'sources:read': { roles: ['admin', 'finance'], keyScopes: [] },
  /** A source carries secrets of the company's, and reaches addresses of its choice. */
  'sources:write': { roles: ['admin'], keyScopes: null },
  /** Which bill lines are GPUs, and what currencies are worth. */
  'bill-rules:read': { roles: ['admin', 'finance'], keyScopes: [] },
  'bill-rules:write': { roles: ['admin'], keyScopes: [] },
  'teams:write': { roles: ['admin'], keyScopes: [] },
  'budgets:write': { roles: ['admin', 'finance'], keyScopes: [] },
  'people:read': { roles: ['admin', 'finance'], keyScopes: [] },
  /** A key that made people, or links for them, would outlive its own expiry and limits. */
  'people:write': { roles: ['admin'], keyScopes: null },
  'keys:read': { roles: ['admin', 'finance', 'developer'], keyScopes: [] },
  'keys:write': { roles: ['admin', 'developer'], keyScopes: [] },
  /** Asks models through the gateway, on the company's account. */
  'models:call': { roles: ['admin', 'developer'], keyScopes: ['inference'] },
  /** Calls of the gateway, without their words. */
  'requests:read': { roles: ALL, keyScopes: ['usage:read'] },
  /** What was said in them, where its team keeps it. */
  'requests:bodies': { roles: ['admin', 'developer'], keyScopes: [] },
  /** Where models are served, and how the places do. */
  'backends:read': { roles: ['admin', 'finance', 'developer'], keyScopes: ['models:read'] },
  /** A backend carries secrets of the company's, and is sent what people write. */
  'backends:write': { roles: ['admin'], keyScopes: [] },
  'prices:read': { roles: ALL, keyScopes: ['usage:read', 'models:read'] },
  'prices:write': { roles: ['admin', 'finance'], keyScopes: [] },
  'deployments:write': { roles: ['admin'], keyScopes: [] },
  'audit:read': { roles: ['admin', 'finance'], keyScopes: [] },
  /** Addresses of the dashboard under a name: one's own, and shared ones. */
  'views:read': { roles: ALL, keyScopes: ['usage:read'] },
  /** Only a person has views. */
  'views:write': { roles: ALL, keyScopes: null },
  /** A shared view stands in everybody's navigation. */
  'views:share': { roles: ['admin', 'finance', 'developer'], keyScopes: null },
  /** Rules that tell, what they have found, and digests: of one's own teams. */
  'alerts:read': { roles: ALL, keyScopes: ['usage:read'] },
  /** Rules, silences, digests and acknowledging: of one's own teams, unless the whole company is one's own. */
  'alerts:write': { roles: ['admin', 'finance', 'developer'], keyScopes: [] },
  /** Where Heliox tells people; of one's own teams. */
  'channels:read': { roles: ['admin', 'finance', 'developer'], keyScopes: [] },
  /** A channel carries secrets, and reaches addresses of its choice. */
  'channels:write': { roles: ['admin'], keyScopes: null },
  /** Says what an anomaly was, and what becomes of advice. */
  'insight:decide': { roles: ['admin', 'finance', 'developer'], keyScopes: [] },
  /** How Heliox itself is: checks, clock, queues, sizes. */
  'monitoring:read': { roles: ['admin', 'finance'], keyScopes: [] },
  /** What the company has decided for everybody. */
  'settings:write': { roles: ['admin'], keyScopes: [] },
  /** A closed month is as it was handed out, for ever. */
  'statements:close': { roles: ['admin', 'finance'], keyScopes: [] },
  /** Checks the ledger against its facts, and makes it anew from them. */
  'ledger:keep': { roles: ['admin'], keyScopes: [] },
  /** A backup holds everything, password hashes and sealed secrets too. */
  'backups:write': { roles: ['admin'], keyScopes: [] },
  'demo:write': { roles: ['admin'], keyScopes: [] },
} as const satisfies Record<string, Rule>

export type Permission = keyof typeof PERMISSIONS

/** First line of every verb, so both wires meet one rule. @throws HelioxError forbidden `auth.role`, `auth.key_scope`, `auth.people_only` */
export function allow(scope: Pick<Scope, 'actor'>, permission: Permission): void {
  const { role, keyScopes } = scope.actor
  const rule: Rule = PERMISSIONS[permission]
  if (keyScopes && rule.keyScopes === null)
    throw new HelioxError('forbidden', 'auth.people_only', 'No API key may do this: sign in as an administrator')
  if (
    keyScopes &&
    rule.keyScopes &&
    !keyScopes.includes('admin') &&
    !rule.keyScopes.some((name) => keyScopes.includes(name))
  ) {
    const needed = [...rule.keyScopes, 'admin'].join(' or ')
    throw new HelioxError('forbidden', 'auth.key_scope', `This needs an API key with the scope ${needed}`)
  }
  if (rule.roles.includes(role)) return
  throw new HelioxError('forbidden', 'auth.role', `This needs the role ${rule.roles.join(' or ')}`)
}

/** Whether `allow` would let it pass. */
export function mayI(scope: Pick<Scope, 'actor'>, permission: Permission): boolean {
  try {
    allow(scope, permission)
    return true
  } catch {
    return false
  }
}

/** Whose rows the actor sees: null for all, and what belongs to no team; an empty list for a person without a team. */
export function visibleTeams({ actor }: Pick<Scope, 'actor'>): readonly TeamId[] | null {
  return actor.teamIds
}

/** The same as row numbers, for SQL: a JSON list, or null for all. */
export function visibleTeamRows(scope: Pick<Scope, 'actor'>): string | null {
  const teams = visibleTeams(scope)
  return teams && JSON.stringify(teams.map((id) => rowOf('team', id)))
}

/** For input that names a team. @throws HelioxError forbidden `auth.other_team`, whether there is such a team or not */
export function requireTeam(scope: Pick<Scope, 'actor'>, teamId: TeamId): void {
  const teams = visibleTeams(scope)
  if (teams && !teams.includes(teamId))
    throw new HelioxError('forbidden', 'auth.other_team', `${teamId} is not one of your teams`)
}

/** For what is the whole company's. @throws HelioxError forbidden `auth.whole_company` */
export function requireWholeCompany(scope: Pick<Scope, 'actor'>, what: string): void {
  if (visibleTeams(scope) !== null)
    throw new HelioxError('forbidden', 'auth.whole_company', `${what} needs a role that sees the whole company`)
}
