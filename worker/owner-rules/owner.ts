import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { rowOf, type TeamId } from '../../db/units/ids.ts'
import { AnsweredId } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { OWNER_KINDS, type OwnerInput, type OwnerKind } from './rule-input.ts'

/** As it is stored, in a rule as JSON and on the charges that it decides. Weights are decimal text. */
export type OwnerOf =
  | { team: TeamId }
  | { split: 'even' | 'proportional'; teams?: TeamId[] }
  | { split: 'weighted'; weights: Record<TeamId, string> }

/** Whose, as it is answered. */
export const Owner = z.object({
  kind: z.enum(OWNER_KINDS),
  teams: z
    .array(
      z.object({
        teamId: AnsweredId('team'),
        name: z.string().nullable().describe('Null: the team is gone'),
        weight: z.string().nullable().describe('Of a weighted split'),
      }),
    )
    .describe('Empty: a split over all teams'),
})
export type Owner = z.output<typeof Owner>

/** What is stored of an owner: teams in the order of their rows, so that the same owner is the same text. */
export function storedOwner({ kind, teams }: OwnerInput): OwnerOf {
  const sorted = teams.toSorted((a, b) => teamRow(a.teamId) - teamRow(b.teamId))
  const ids = sorted.map(({ teamId }) => teamId)
  if (kind === 'team') return { team: ids[0] as TeamId }
  if (kind === 'weighted')
    return { split: kind, weights: Object.fromEntries(sorted.map(({ teamId, weight }) => [teamId, weight ?? '1'])) }
  return ids.length > 0 ? { split: kind, teams: ids } : { split: kind }
}

/** The stored owner of its JSON text. */
export function readOwner(text: string): OwnerOf {
  return JSON.parse(text) as OwnerOf
}

/** Teams that an owner names, in the order of their rows. */
export function teamsOf(owner: OwnerOf): TeamId[] {
  if ('team' in owner) return [owner.team]
  return owner.split === 'weighted' ? (Object.keys(owner.weights) as TeamId[]) : (owner.teams ?? [])
}

/** What is left of an owner without a team; null: nobody. */
export function withoutTeam(owner: OwnerOf, gone: TeamId): OwnerOf | null {
  if (!teamsOf(owner).includes(gone)) return owner
  if ('team' in owner) return null
  if (owner.split === 'weighted') {
    const weights = Object.entries(owner.weights).filter(([id]) => id !== gone)
    return weights.length > 0 ? { split: 'weighted', weights: Object.fromEntries(weights) } : null
  }
  const teams = (owner.teams ?? []).filter((id) => id !== gone)
  return teams.length > 0 ? { ...owner, teams } : null
}

/** Names of all teams, by id. */
export async function teamNames(db: Pick<Scope['db'], 'all'>): Promise<Map<TeamId, string>> {
  const rows = await db.all<{ id: TeamId; name: string }>(sql`select 'team_' || id as id, name from teams order by id`)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** The owner as it is answered. */
export function ownerAnswer(owner: OwnerOf, names: ReadonlyMap<TeamId, string>): Owner {
  const kind: OwnerKind = 'team' in owner ? 'team' : owner.split
  const weights: Partial<Record<TeamId, string>> = 'split' in owner && owner.split === 'weighted' ? owner.weights : {}
  const teams = teamsOf(owner).map((teamId) => ({
    ...{ teamId, name: names.get(teamId) ?? null, weight: weights[teamId] ?? null },
  }))
  return { kind, teams }
}

/** "research", "even over 3 teams": for the audit log. */
export function ownerWords(owner: OwnerOf, names: ReadonlyMap<TeamId, string>): string {
  if ('team' in owner) return names.get(owner.team) ?? owner.team
  const count = teamsOf(owner).length
  return `${owner.split} over ${count === 0 ? 'all teams' : `${count} team${count === 1 ? '' : 's'}`}`
}

/** @throws HelioxError not_found `owner_rules.no_team` */
export function requireTeams(owner: OwnerOf, names: ReadonlyMap<TeamId, string>): void {
  const missing = teamsOf(owner).find((id) => !names.has(id))
  if (missing) throw new HelioxError('not_found', 'owner_rules.no_team', `There is no team ${missing}`)
}

function teamRow(id: TeamId): number {
  return rowOf('team', id) ?? 0
}
