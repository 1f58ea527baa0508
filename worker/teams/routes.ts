import { z } from 'zod'
import { IdText, Paging } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { createTeam } from './create-team.ts'
import { listTeams, TeamsPage } from './list-teams.ts'
import { removeTeam, TeamRemoval } from './remove-team.ts'
import { TeamAlone, team } from './team.ts'
import { NewTeam, TeamChange } from './team-input.ts'
import { updateTeam } from './update-team.ts'

export const teamsRoutes = [
  rest('GET', '/teams', { summary: 'Teams', input: z.object(Paging), answers: TeamsPage }, listTeams),
  rest('POST', '/teams', { summary: 'Make a team', input: NewTeam, answers: TeamAlone, status: 201 }, createTeam),
  rest('GET', '/teams/:id', { summary: 'One team', input: z.object({ id: IdText('team') }), answers: TeamAlone }, team),
  rest('PUT', '/teams/:id', { summary: 'Change a team', input: TeamChange, answers: TeamAlone }, updateTeam),
  rest(
    'DELETE',
    '/teams/:id',
    { summary: 'Take a team away with its jobs, keys and memberships; costs stay', input: TeamRemoval, status: 204 },
    async (scope, asked) => removeTeam(scope, asked),
  ),
]
