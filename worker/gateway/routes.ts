import type { Context } from 'hono'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { assertSameOrigin } from '../auth/same-origin.ts'
import { rootCause } from '../errors.ts'
import { answerCall, type GatewayAsking } from './call.ts'
import { ENDPOINTS } from './endpoints/index.ts'
import { getModel, listModels } from './list-models.ts'
import { errorBody, OpenAiError, openAiErrorOf } from './openai-error.ts'
import { ownUsage } from './own-usage.ts'

/** How the gateway's wire gets at a request: everything that any request has, or why there is no gateway. */
export type OpenCall = (c: Context, requestId: string) => GatewayAsking

type Work = (asking: GatewayAsking, id: string) => Promise<Response>

/**
 * What is below /v1: OpenAI's wire (platform.openai.com/docs/api-reference). It only translates; every answer carries
 * x-request-id, which is also the call's id in `requests`.
 */
export function createGateway(open: OpenCall): Hono {
  const app = new Hono().basePath('/v1')
  const serve = (c: Context, work: Work) => answer(c, open, work)
  app.use('*', async (c, next) => {
    const origins = c.req.header('origin') === undefined ? [] : originsOf(c, open)
    return origins.length === 0 ? next() : cors({ ...CORS, origin: [...origins] })(c, next)
  })
  for (const endpoint of ENDPOINTS)
    app.post(endpoint.path, (c) => serve(c, (asking, id) => toItsEnd(asking, answerCall(asking, endpoint, id))))
  app.get('/models', (c) => serve(c, async (asking) => Response.json(await listModels(asking))))
  app.get('/models/:id{.+}', (c) =>
    serve(c, async (asking) => Response.json(await getModel(asking, c.req.param('id') ?? ''))),
  )
  app.get('/usage', (c) => serve(c, async (asking) => Response.json(await ownUsage(asking))))
  for (const { path } of ENDPOINTS) app.all(path, (c) => serve(c, () => refuseMethod(c, 'POST')))
  for (const path of ['/models', '/models/:id{.+}', '/usage'])
    app.all(path, (c) => serve(c, () => refuseMethod(c, 'GET')))
  app.all('*', (c) =>
    serve(c, () => {
      const message = `Unknown request URL: ${c.req.method} ${c.req.path.slice(0, 300)}.`
      throw new OpenAiError(404, 'unknown_url', message)
    }),
  )
  return app
}

/** What a page on another origin may send and read. Clients of OpenAI send headers of their own (`x-stainless-*`): all are let through. */
const CORS = {
  allowMethods: ['GET', 'POST'],
  credentials: true,
  maxAge: 600,
  exposeHeaders: [
    ...['X-Request-ID', 'X-Client-Request-ID', 'Retry-After'],
    ...['Limit', 'Remaining', 'Reset'].flatMap((of) => [`X-RateLimit-${of}-Requests`, `X-RateLimit-${of}-Tokens`]),
    ...['X-Heliox-Cost-USD', 'X-Heliox-Backend', 'X-Heliox-Cache'],
  ],
}

/** None where the deployment is not configured: the answer itself will say so. */
function originsOf(c: Context, open: OpenCall): readonly string[] {
  try {
    return open(c, 'cors').settings.corsOrigins
  } catch {
    return []
  }
}

function refuseMethod(c: Context, allowed: string): never {
  const message = `Not allowed to ${c.req.method} on ${c.req.path.slice(0, 300)}.`
  throw new OpenAiError(405, 'method_not_supported', message, { headers: { allow: allowed } })
}

async function answer(c: Context, open: OpenCall, work: Work): Promise<Response> {
  const id = `req_${crypto.randomUUID().replaceAll('-', '')}`
  const response = await answered(c, open, work, id)
  response.headers.set('x-request-id', id)
  response.headers.set('x-content-type-options', 'nosniff')
  const theirs = c.req.header('x-client-request-id') ?? c.req.header('x-request-id')
  if (theirs !== undefined && HARMLESS.test(theirs)) response.headers.set('x-client-request-id', theirs)
  return response
}

/** The runtime drops what it does for a client that has gone, unless it is told to wait: a call would stay open until its time is over. */
function toItsEnd(asking: GatewayAsking, work: Promise<Response>): Promise<Response> {
  asking.outlive(work.catch(() => undefined))
  return work
}

/** What may be said back of a client's own id of its request. */
const HARMLESS = /^[\w.:/+=-]{1,128}$/

async function answered(c: Context, open: OpenCall, work: Work, id: string): Promise<Response> {
  let asking: GatewayAsking | null = null
  try {
    asking = open(c, id)
    assertSameOrigin(asking) // a page of another site may not spend with our cookie
    const response = await work(asking, id)
    for (const cookie of asking.answerHeaders.getSetCookie()) response.headers.append('set-cookie', cookie) // a renewed session
    return response
  } catch (error) {
    const refusal = openAiErrorOf(error)
    if (refusal.code === 'internal_error')
      asking?.log.error('unexpected error in the gateway', {
        error: String(rootCause(error)),
        stack: (error as Error).stack ?? '',
      })
    return Response.json(errorBody(refusal), { status: refusal.status, headers: { ...refusal.headers } })
  }
}
