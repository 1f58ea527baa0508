import { refusalOf } from '../../api.ts'

export type TeamName = { id: string; name: string }

/** Every team by name, over as many pages as it takes. Rejects with Refusal when the server says no. */
export async function everyTeam(): Promise<TeamName[]> {
  const teams: TeamName[] = []
  for (let hasMore = true; hasMore; ) {
    const answer = await fetch(`/api/v1/teams?limit=100&skip=${teams.length}`)
    if (!answer.ok) throw refusalOf(answer.status, await answer.text())
    const page = (await answer.json()) as { teams: TeamName[]; has_more: boolean }
    teams.push(...page.teams.map(({ id, name }) => ({ id, name })))
    hasMore = page.has_more && page.teams.length > 0
  }
  return teams.sort((one, other) => one.name.localeCompare(other.name))
}
