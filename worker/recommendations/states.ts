import { eq, inArray } from 'drizzle-orm'
import { recommendationStates } from '../../db/schema/insight.ts'
import { visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versionOf } from '../versions.ts'
import type { Recommendation } from './recommendation.ts'

export type State = typeof recommendationStates.$inferSelect

type Reader = Pick<Scope['db'], 'select'>

/** What was decided, as far as the actor sees it: the company's advice is for who sees the company. */
export async function readStates(reader: Reader, scope: Pick<Scope, 'actor'>): Promise<State[]> {
  const teams = visibleTeams(scope)
  const all = reader.select().from(recommendationStates)
  return teams === null ? all : all.where(inArray(recommendationStates.teamId, [...teams]))
}

/** The same of one key; undefined: nothing was, or it is not the actor's to see. */
export async function readState(reader: Reader, scope: Pick<Scope, 'actor'>, key: string): Promise<State | undefined> {
  const [state] = await reader.select().from(recommendationStates).where(eq(recommendationStates.key, key))
  return state && isMine(scope, state) ? state : undefined
}

/** Whether the actor sees advice of that team, or of the company. */
export function isMine(scope: Pick<Scope, 'actor'>, { teamId }: { teamId: State['teamId'] }): boolean {
  const teams = visibleTeams(scope)
  return teams === null || (teamId !== null && teams.includes(teamId))
}

/** What people decide on: figures of the ledger move by themselves and make no version. */
export function decidedPart({ key, status, decision, verified }: Recommendation): object {
  return { key, status, decision, verified }
}

/** Advice with its version. */
export function withVersion(one: Recommendation): Recommendation & { version: string } {
  return { ...one, version: versionOf(decidedPart(one)) }
}
