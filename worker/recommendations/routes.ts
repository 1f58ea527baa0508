import { z } from 'zod'
import { rest } from '../rest.ts'
import { Decision, decide } from './decide.ts'
import { AdviceKey, recommendation } from './one-recommendation.ts'
import { RecommendationAlone } from './recommendation.ts'
import { Recommendations, RecommendationsAsked, recommendations } from './recommendations.ts'
import { verifySaving } from './verify.ts'

const One = z.object({ key: AdviceKey })

export const recommendationsRoutes = [
  rest(
    'GET',
    '/analytics/recommendations',
    {
      summary: 'What could cost less, what it rests on, and what became of it',
      ...{ input: RecommendationsAsked, answers: Recommendations },
      csvRows: ({ recommendations: rows }: { recommendations: Record<string, unknown>[] }) => rows,
    },
    recommendations,
  ),
  rest(
    'GET',
    '/analytics/recommendations/:key',
    { summary: 'One recommendation', input: One, answers: RecommendationAlone },
    recommendation,
  ),
  rest(
    'PUT',
    '/analytics/recommendations/:key',
    { summary: 'Accept, finish, dismiss or reopen a recommendation', input: Decision, answers: RecommendationAlone },
    decide,
  ),
  rest(
    'POST',
    '/analytics/recommendations/:key/verify',
    {
      summary: 'Check by the ledger what a finished recommendation saves',
      ...{ input: One, answers: RecommendationAlone },
    },
    verifySaving,
  ),
]
