import { z } from 'zod'
import { IdText, Paging } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { listTeams, team } from './list-teams.ts'

export const teamsRoutes = [
  rest('GET', '/teams', { summary: 'Teams', input: z.object(Paging) }, listTeams),
  rest('GET', '/teams/:id', { summary: 'One team', input: z.object({ id: IdText('team') }) }, team),
]
