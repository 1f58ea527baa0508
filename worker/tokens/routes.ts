import { rest } from '../rest.ts'
import { listTokenUsage, TokenUsageAsked, TokenUsagePage } from './list-token-usage.ts'
import { TokenTotal, TokenTotalAsked, totalTokenUsage } from './total-token-usage.ts'

export const tokenUsageRoutes = [
  rest(
    'GET',
    '/token-usage',
    {
      summary: 'Metered calls of language models, the newest first',
      ...{ input: TokenUsageAsked, answers: TokenUsagePage, document: { operationId: 'listTokenUsage' } },
    },
    listTokenUsage,
  ),
  rest(
    'GET',
    '/token-usage/total',
    {
      summary: 'Tokens, requests and their cost by model, team, project, user, provider or day',
      ...{ input: TokenTotalAsked, answers: TokenTotal, document: { operationId: 'getTokenUsageTotal' } },
    },
    totalTokenUsage,
  ),
]
