import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

type Answer = { status?: number; json?: unknown; headers?: Record<string, string> }

/** A provider on this machine that answers OpenAI's paths, until the test ends. `answers` says otherwise, path by path. */
export async function startProvider(answers: Record<string, () => Answer> = {}) {
  const asked: { path: string; headers: IncomingHttpHeaders }[] = []
  const usual: Record<string, () => Answer> = {
    '/v1/models': () => ({ json: { object: 'list', data: [{ id: 'small-2026' }, { id: 'large-2026' }] } }),
    '/v1/chat/completions': () => ({
      json: { model: 'small-2026', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
    }),
  }
  const server: Server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push({ path, headers: request.headers })
    const { status, json, headers } = (answers[path] ?? usual[path] ?? (() => ({ status: 404 }) as Answer))()
    request.resume()
    request.on('end', () =>
      response
        .writeHead(status ?? 200, { 'content-type': 'application/json', connection: 'close', ...headers })
        .end(JSON.stringify(json ?? {})),
    )
  })
  const listen = (port: number) => new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  const stop = () => new Promise<void>((closed) => server.close(() => closed()))
  await listen(0)
  const { port } = server.address() as AddressInfo
  onTestFinished(stop)
  return { asked, url: `http://127.0.0.1:${port}/v1`, stop, startAgain: () => listen(port) }
}
