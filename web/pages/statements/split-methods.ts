import type { Decision } from './statement-queries.ts'

/** Ways to split shared cost, in words. */
export const METHODS: Record<Decision['method'], { title: string; words: string }> = {
  none: { title: 'Not shared', words: 'It stays with the company.' },
  even: { title: 'Evenly', words: 'Every team that takes part gets the same part.' },
  weighted: { title: 'By weight', words: 'Each team’s part goes by the weight it was given.' },
  proportional: { title: 'In proportion', words: 'Each team’s part goes by what it was charged in the month.' },
}

export const METHOD_NAMES = Object.keys(METHODS) as Decision['method'][]

/** A decision that is being made: everything that was typed, whether the method takes it or not. */
export type Draft = { method: Decision['method']; isAll: boolean; teams: string[]; weights: Record<string, string> }

export function draftOf({ method, teams, weights }: Decision): Draft {
  return {
    ...{ method, isAll: teams === null, teams: teams ?? [] },
    weights: Object.fromEntries(weights?.map(({ teamId, weight }) => [teamId, weight]) ?? []),
  }
}

/** What is sent of it; teams without a weight take no part. */
export function decisionOf({ method, isAll, teams, weights }: Draft): Decision {
  const takesTeams = method === 'even' || method === 'proportional'
  const given = Object.entries(weights)
    .map(([teamId, weight]) => ({ teamId: teamId as `team_${number}`, weight: weight.trim() }))
    .filter(({ weight }) => weight !== '')
  return {
    method,
    teams: takesTeams && !isAll ? (teams as `team_${number}`[]) : null,
    weights: method === 'weighted' ? given : null,
  }
}
