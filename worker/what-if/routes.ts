import { rest } from '../rest.ts'
import { ReplayAsked } from './changes.ts'
import { Replay, replay } from './replay.ts'

const what = { input: ReplayAsked, answers: Replay }

/** The same question twice: short ones fit an address, long ones a body. */
export const whatIfRoutes = [
  rest(
    'GET',
    '/analytics/what-if',
    {
      summary: 'The ledger under other prices, providers, commitments or utilisation',
      ...{ ...what, csvRows: ({ teams }: { teams: Record<string, unknown>[] }) => teams },
    },
    replay,
  ),
  rest('POST', '/analytics/what-if', { summary: 'The same, asked by a body', ...what }, replay),
]
