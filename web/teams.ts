import { useQuery } from '@tanstack/solid-query'
import { type Answers, api } from './api.ts'
import { teamName } from './format/row-name.ts'

export type Team = Answers['teams']['list']['teams'][number]

const MOST_AT_ONCE = 100

/** Every team that the reader sees, by the name that readers see; undefined until they are known. Asked only while `isWanted`. */
export function useTeams(isWanted: () => boolean = () => true) {
  const query = useQuery(() => ({ queryKey: ['teams.every'], queryFn: everyTeam, enabled: isWanted() }))
  const teams = (): readonly Team[] | undefined => (query.isPending ? undefined : query.data)
  return { teams, error: () => query.error }
}

async function everyTeam(): Promise<Team[]> {
  const found: Team[] = []
  for (let hasMore = true; hasMore; ) {
    const page = await api.teams.list.query({ skip: found.length, limit: MOST_AT_ONCE })
    found.push(...page.teams.map((team) => ({ ...team, name: teamName(team.name) })))
    hasMore = page.hasMore && page.teams.length > 0
  }
  return found.sort((one, other) => one.name.localeCompare(other.name))
}
