import { rest } from '../rest.ts'
import { listRefusals, RefusalsAsked, RefusedCalls } from './list-refusals.ts'
import { listRequests, RequestsAsked, RequestsPage } from './list-requests.ts'
import { oneRequest, RequestAlone, RequestAsked } from './one-request.ts'
import { RequestFacets, RequestFacetsAsked, requestFacets } from './request-facets.ts'
import { RequestTotal, RequestTotalAsked, totalRequests } from './total-requests.ts'

export const requestsRoutes = [
  rest(
    'GET',
    '/requests',
    {
      summary: 'Calls of the gateway, the newest first',
      ...{ input: RequestsAsked, answers: RequestsPage, document: { operationId: 'listRequests' } },
    },
    (scope, asked, { meter }) => listRequests(scope, asked, meter),
  ),
  rest(
    'GET',
    '/requests/total',
    {
      summary: 'Calls, tokens, cost by grade and latency of the same filters',
      ...{ input: RequestTotalAsked, answers: RequestTotal, document: { operationId: 'getRequestTotal' } },
    },
    (scope, asked, { meter }) => totalRequests(scope, asked, meter),
  ),
  rest(
    'GET',
    '/requests/facets',
    {
      summary: 'Models, backends, keys and people that calls can be narrowed by',
      ...{ input: RequestFacetsAsked, answers: RequestFacets, document: { operationId: 'getRequestFacets' } },
    },
    requestFacets,
  ),
  rest(
    'GET',
    '/requests/refused',
    {
      summary: 'Calls that the gateway refused before any backend was asked, counted by what they have in common',
      ...{ input: RefusalsAsked, answers: RefusedCalls, document: { operationId: 'listRefusedCalls' } },
    },
    (scope, asked, { meter }) => listRefusals(scope, asked, meter),
  ),
  rest(
    'GET',
    '/requests/:id',
    {
      summary: 'One call of the gateway',
      ...{ input: RequestAsked, answers: RequestAlone, document: { operationId: 'getRequest' } },
    },
    (scope, asked, { meter }) => oneRequest(scope, asked, meter),
  ),
]
