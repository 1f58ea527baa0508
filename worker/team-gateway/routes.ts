import { rest } from '../rest.ts'
import { TeamGateway, teamGatewayOf, updateTeamGateway } from './team-gateway.ts'
import { TeamGatewayChange, TeamGatewayOf } from './team-gateway-input.ts'

export const teamGatewayRoutes = [
  rest(
    'GET',
    '/teams/:id/gateway',
    { summary: 'What a team has decided about its calls of models', input: TeamGatewayOf, answers: TeamGateway },
    teamGatewayOf,
  ),
  rest(
    'PUT',
    '/teams/:id/gateway',
    { summary: 'Decide about a team’s calls of models', input: TeamGatewayChange, answers: TeamGateway },
    updateTeamGateway,
  ),
]
