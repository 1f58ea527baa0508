import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import OpenAI from 'openai'
import { backendModels, backends } from '../../../db/schema/backends.ts'
import { modelPrices } from '../../../db/schema/prices.ts'
import { requests } from '../../../db/schema/requests.ts'
import type { BackendKind } from '../../../db/units/backend-kinds.ts'
import type { Day } from '../../../db/units/time.ts'
import { seal } from '../../seal.ts'
import { startHeliox } from '../../testing.ts'

export type Told = {
  path: string
  headers: Record<string, string | string[] | undefined>
  body: Record<string, unknown>
}
/** What the provider answers: JSON at once, or pieces of a stream. */
export type Reply = { status?: number; json?: unknown; pieces?: readonly string[] }

/**
 * A gateway of one backend, which is a server of ours on this machine that answers as `reply` says, and OpenAI's official
 * client for it. The model "small" is "small-2026" there and costs 3 and 15 a million.
 */
export async function gatewayOf(
  kind: BackendKind,
  reply: (told: Told) => Reply,
  {
    config = {},
    upstreamModel = 'small-2026',
    bindings = {},
    hasAddress = true,
  }: { config?: object; upstreamModel?: string; bindings?: object; hasAddress?: boolean } = {},
) {
  const told: Told[] = []
  const server = createServer((request, response) => {
    const received: Buffer[] = []
    request.on('data', (piece: Buffer) => received.push(piece))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(received).toString() || '{}') as Record<string, unknown>
      const one = { path: request.url ?? '', headers: request.headers, body }
      told.push(one)
      const { status = 200, json, pieces } = reply(one)
      response.writeHead(status, { 'content-type': pieces ? 'text/event-stream' : 'application/json' })
      for (const piece of pieces ?? [JSON.stringify(json)]) response.write(piece)
      response.end()
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const heliox = await startHeliox({ settings: bindings as Record<string, string> })
  const [row] = await heliox.db
    .insert(backends)
    .values({
      ...{ name: 'stub', kind, baseUrl: hasAddress ? url : '', createdAtMs: heliox.now(), retries: 0 },
      configJson: JSON.stringify(config),
    })
    .returning({ id: backends.id })
  if (!row) throw new Error('no backend')
  const sealedSecrets = await seal('a-secret-key-of-this-test-0123456789', row.id, { apiKey: 'the-key' })
  await heliox.db.update(backends).set({ sealedSecrets }).where(eq(backends.id, row.id))
  await heliox.db.insert(backendModels).values({ backendId: row.id, model: 'small', upstreamModel })
  await heliox.db.insert(modelPrices).values({
    ...{ model: 'small', effectiveFrom: '2026-01-01' as Day, input: '3', output: '15', createdAtMs: heliox.now() },
    ...{ cachedInput: '0.3', cacheWrite: '3.75', cacheWriteLong: '6' },
  })
  const made = await heliox.write('POST', '/api/v1/keys', { name: 'app', scopes: ['inference'] })
  const client = new OpenAI({
    ...{ apiKey: made.body.key as string, baseURL: 'http://localhost/v1', maxRetries: 0 },
    fetch: (address, init) => {
      const headers = Object.fromEntries(new Headers(init?.headers))
      return heliox.stranger(String(address), { ...init, headers } as RequestInit)
    },
  })
  return {
    ...{ heliox, client, told },
    metered: async () => {
      await heliox.book.flush()
      return heliox.db.select().from(requests).orderBy(requests.startedAtMs, requests.id)
    },
    close: () => new Promise((closed) => server.close(closed)),
  }
}

/** Events of a stream as Anthropic names them: each has its type in front. */
export function namedEvents(events: readonly ({ type: string } & Record<string, unknown>)[]): string[] {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}

/** A text cut into pieces of bytes that end anywhere, also inside a letter. */
export function bytePieces(text: string, sizes: readonly number[]): Uint8Array[] {
  const bytes = new TextEncoder().encode(text)
  const pieces: Uint8Array[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? bytes.length)
    pieces.push(bytes.slice(at, at + size))
    at += size
  }
  return pieces
}
