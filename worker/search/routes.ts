import { rest } from '../rest.ts'
import { Found, find, SearchAsked } from './find.ts'

export const searchRoutes = [
  rest(
    'GET',
    '/search',
    {
      summary: 'Teams, models, jobs and saved views by a part of their name',
      input: SearchAsked,
      answers: Found,
      document: { operationId: 'search' },
    },
    find,
  ),
]
