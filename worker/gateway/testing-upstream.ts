import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { backendModels, backends } from '../../db/schema/backends.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import { requests } from '../../db/schema/requests.ts'
import type { BackendId } from '../../db/units/ids.ts'
import type { Day } from '../../db/units/time.ts'
import { startHeliox } from '../testing.ts'

export type Asked = { request: IncomingMessage; body: string; response: ServerResponse }
export type Upstream = { url: string; asked: Asked[]; close: () => Promise<void> }

/** A provider on this machine that answers as it is told, in whole or in pieces, or not at all. `port` 0: any free one. */
export async function startUpstream(answer: (asked: Asked) => unknown, port = 0): Promise<Upstream> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    response.on('error', () => undefined)
    request.on('error', () => undefined)
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const one = { request, body: Buffer.concat(pieces).toString(), response }
      asked.push(one)
      void answer(one)
    })
  })
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((closed) => server.close(() => closed()))
  }
  return { asked, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A piece of a streamed chat. */
export function chunk(content: string, more: object = {}): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }]
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'small-2026', choices, ...more })}\n\n`
}

export const LAST = [
  chunk('', { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  chunk('', { choices: [], usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 } }),
  'data: [DONE]\n\n',
].join('')

/** A whole answer of 10 tokens in and 20 out. */
export function answerJson(content = 'well'): string {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }]
  const usage = { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 }
  return JSON.stringify({ id: 'c', object: 'chat.completion', model: 'small-2026', choices, usage })
}

export function sse({ response }: Asked): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' })
}

/** Heliox with a key and a model `small` at 1 and 2 dollars a million: 1,000 nano-dollars a token in, 2,000 out. */
export async function startGateway(settings: Record<string, string> = {}) {
  const heliox = await startHeliox({ settings })
  const made = await heliox.write('POST', '/api/v1/keys', { name: 'app', scopes: ['inference'], rpm: 100_000 })
  const price = { model: 'small', effectiveFrom: '2026-01-01' as Day, input: '1', output: '2' }
  await heliox.db.insert(modelPrices).values({ ...price, createdAtMs: heliox.now() })
  const key = made.body.key as string
  const call = (body: object, init: RequestInit = {}, path = '/v1/chat/completions') =>
    heliox.stranger(path, {
      method: 'POST',
      body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hello' }], ...body }),
      ...init,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...(init.headers as object) },
    })
  return {
    ...{ heliox, key, call },
    addBackend: async (baseUrl: string, more: Partial<typeof backends.$inferInsert> = {}): Promise<BackendId> => {
      const own = { name: 'first', kind: 'openai-compatible', retries: 0, timeoutMs: 5_000 } as const
      const row = { ...own, baseUrl, createdAtMs: heliox.now(), ...more }
      const [made] = await heliox.db.insert(backends).values(row).returning({ id: backends.id })
      const backendId = (made as { id: BackendId }).id
      await heliox.db.insert(backendModels).values({ backendId, model: 'small', upstreamModel: 'small-2026' })
      return backendId
    },
    /** What is in `requests`, once every call has been settled. */
    metered: async () => {
      for (let turn = 0; heliox.book.standing().open > 0 && turn < 500; turn += 1)
        await new Promise((resume) => setTimeout(resume, 10))
      await heliox.book.flush()
      return heliox.db.select().from(requests).orderBy(requests.startedAtMs, requests.id)
    },
  }
}
