import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { listRefusals, RefusalsAsked } from './list-refusals.ts'
import { listRequests, RequestTableAsked } from './list-requests.ts'
import { oneRequest, RequestAsked } from './one-request.ts'
import { RequestFacetsAsked, requestFacets } from './request-facets.ts'
import { RequestTotalAsked, totalRequests } from './total-requests.ts'

export const requestsRouter = router({
  list: signedIn
    .input(RequestTableAsked)
    .query(({ ctx, input }) => listRequests(ctx.scope, input, ctx.meter).then(toWire)),
  total: signedIn
    .input(RequestTotalAsked)
    .query(({ ctx, input }) => totalRequests(ctx.scope, input, ctx.meter).then(toWire)),
  facets: signedIn.input(RequestFacetsAsked).query(({ ctx, input }) => requestFacets(ctx.scope, input).then(toWire)),
  refused: signedIn
    .input(RefusalsAsked)
    .query(({ ctx, input }) => listRefusals(ctx.scope, input, ctx.meter).then(toWire)),
  get: signedIn.input(RequestAsked).query(({ ctx, input }) => oneRequest(ctx.scope, input, ctx.meter).then(toWire)),
})
