import { refusalOf } from '../../api.ts'

export type TeamChoice = { id: string; name: string }

/** Every team by name, for a list to choose from. */
export async function allTeams(): Promise<TeamChoice[]> {
  const found: TeamChoice[] = []
  for (;;) {
    const answer = await fetch(`/api/v1/teams?limit=100&skip=${found.length}`)
    if (!answer.ok) throw refusalOf(answer.status, await answer.text())
    const page = (await answer.json()) as { teams: TeamChoice[]; has_more: boolean }
    found.push(...page.teams)
    if (!page.has_more || page.teams.length === 0) break
  }
  return found.sort((a, b) => a.name.localeCompare(b.name))
}
