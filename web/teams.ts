import { useQuery } from '@tanstack/solid-query'
import { createMemo } from 'solid-js'
import { type Answers, api } from './api.ts'
import { SERVING, teamName } from './format/row-name.ts'

export type Team = Answers['teams']['list']['teams'][number]
type KnownTeam = Team & { isHelioxs: boolean }

const MOST_AT_ONCE = 100

/**
 * Every team that the reader sees, by the name that readers see; undefined until they are known. Asked only while `isWanted`.
 * `own`: without Heliox's own, which is of deployments and takes no jobs, people, keys, calls or budgets.
 */
export function useTeams(isWanted: () => boolean = () => true) {
  const query = useQuery(() => ({ queryKey: ['teams.every'], queryFn: everyTeam, enabled: isWanted() }))
  const teams = (): readonly KnownTeam[] | undefined => (query.isPending ? undefined : query.data)
  const own = createMemo(() => teams()?.filter(({ isHelioxs }) => !isHelioxs))
  return { teams, own, error: () => query.error }
}

async function everyTeam(): Promise<KnownTeam[]> {
  const found: KnownTeam[] = []
  for (let hasMore = true; hasMore; ) {
    const page = await api.teams.list.query({ skip: found.length, limit: MOST_AT_ONCE })
    found.push(...page.teams.map((team) => ({ ...team, name: teamName(team.name), isHelioxs: team.name === SERVING })))
    hasMore = page.hasMore && page.teams.length > 0
  }
  return found.sort((one, other) => one.name.localeCompare(other.name))
}
