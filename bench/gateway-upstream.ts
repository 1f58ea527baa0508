/**
 * A provider that answers at once and always the same, in a process of its own: what is measured before it is only what stands
 * in between. Prints its port. An answer has 123 tokens in (100 of them cached) and 40 out, as JSON or in 40 pieces.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const PIECES = 40
const usage = {
  ...{ prompt_tokens: 123, completion_tokens: PIECES, total_tokens: 123 + PIECES },
  ...{ prompt_tokens_details: { cached_tokens: 100 }, completion_tokens_details: { reasoning_tokens: 0 } },
}
const base = { id: 'chatcmpl-bench', created: 1_770_000_000, model: 'bench-2026', system_fingerprint: 'fp_bench' }
const message = { role: 'assistant', content: 'token '.repeat(PIECES), refusal: null }
const whole = Buffer.from(
  JSON.stringify({
    ...{ ...base, object: 'chat.completion' },
    ...{ choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }], usage },
  }),
)
const event = (more: object) => `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...more })}\n\n`
const delta = (said: object, finish_reason: string | null = null) =>
  event({ choices: [{ index: 0, delta: said, logprobs: null, finish_reason }] })
const [first, piece, last] = [
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'token ' }),
  delta({}, 'stop'),
]
const used = event({ choices: [], usage })

const server = createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (bytes: Buffer) => pieces.push(bytes))
  request.on('end', () => {
    if (pieces.length === 0) return response.writeHead(400).end() // a proxy that is stopped sends the head of a call alone
    const asked = JSON.parse(Buffer.concat(pieces).toString()) as {
      stream?: boolean
      stream_options?: { include_usage?: boolean }
    }
    if (!asked.stream) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length }).end(whole)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
    response.write(first)
    for (let at = 0; at < PIECES; at += 1) response.write(piece)
    response.write(last)
    if (asked.stream_options?.include_usage) response.write(used)
    response.end('data: [DONE]\n\n')
  })
})
server.on('connection', (socket) => socket.setNoDelay(true))
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
