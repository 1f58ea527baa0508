import { z } from 'zod'
import { openRest, type RestRoute } from '../rest.ts'
import { openApiDocument } from './document.ts'

/** The document of all routes, itself among them: made at the first request, then kept. For anyone. */
export function openApiRoute(routes: () => readonly RestRoute[]): RestRoute {
  let text: string | undefined
  return openRest(
    'GET',
    '/openapi.json',
    {
      summary: 'This document',
      input: z.object({}),
      answers: z.record(z.string(), z.unknown()).meta({ id: 'OpenApiDocument', examples: [{ openapi: '3.1.1' }] }),
      document: { operationId: 'getOpenApiDocument' },
    },
    async () => {
      text ??= JSON.stringify(openApiDocument(routes()))
      return new Response(text, { headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' } })
    },
  )
}
