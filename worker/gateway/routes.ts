import type { Context } from 'hono'
import { Hono } from 'hono'
import { rootCause } from '../errors.ts'
import { answerCall, type GatewayAsking } from './call.ts'
import { ENDPOINTS } from './endpoints/index.ts'
import { getModel, listModels } from './list-models.ts'
import { errorBody, OpenAiError, openAiErrorOf } from './openai-error.ts'

/** How the gateway's wire gets at a request: everything that any request has, or why there is no gateway. */
export type OpenCall = (c: Context, requestId: string) => GatewayAsking

/**
 * What is below /v1: OpenAI's wire (platform.openai.com/docs/api-reference). It only translates; every answer carries
 * x-request-id, which is also the call's id in `requests`.
 */
export function createGateway(open: OpenCall): Hono {
  const app = new Hono().basePath('/v1')
  const serve = (c: Context, work: (asking: GatewayAsking, id: string) => Promise<Response>) => answer(c, open, work)
  for (const endpoint of ENDPOINTS)
    app.post(endpoint.path, (c) => serve(c, (asking, id) => answerCall(asking, endpoint, id)))
  app.get('/models', (c) => serve(c, async (asking) => Response.json(await listModels(asking))))
  app.get('/models/:id{.+}', (c) =>
    serve(c, async (asking) => Response.json(await getModel(asking, c.req.param('id') ?? ''))),
  )
  app.all('*', (c) =>
    serve(c, () => {
      const message = `Unknown request URL: ${c.req.method} ${c.req.path}.`
      throw new OpenAiError(404, 'unknown_url', message)
    }),
  )
  return app
}

async function answer(
  c: Context,
  open: OpenCall,
  work: (asking: GatewayAsking, id: string) => Promise<Response>,
): Promise<Response> {
  const id = `req_${crypto.randomUUID().replaceAll('-', '')}`
  const response = await answered(c, open, work, id)
  response.headers.set('x-request-id', id)
  response.headers.set('x-content-type-options', 'nosniff')
  return response
}

async function answered(
  c: Context,
  open: OpenCall,
  work: (asking: GatewayAsking, id: string) => Promise<Response>,
  id: string,
): Promise<Response> {
  let asking: GatewayAsking | null = null
  try {
    asking = open(c, id)
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
