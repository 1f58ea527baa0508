/**
 * `node bench/real-streams.ts DIR` sends every recorded chat stream DIR/openai_sse/*.sse through the real gateway with OpenAI's
 * own client: as the stream that it is, in pieces of several sizes, and as the whole answer that it makes. Words, tokens and cost
 * have to be the same, and those of DIR/truth/openai_sse.json where that is there. For people who have recorded streams at hand:
 * none of them is in this repository. Exits 1 when a figure is not what it should be.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client'
import { eq } from 'drizzle-orm'
import { migrate } from 'drizzle-orm/libsql/migrator'
import OpenAI from 'openai'
import { onClient } from '../db/client.ts'
import { backendModels, backends } from '../db/schema/backends.ts'
import { modelPrices } from '../db/schema/prices.ts'
import { requests } from '../db/schema/requests.ts'
import { type NanoUsd, usdText } from '../db/units/money.ts'
import type { Day, EpochMs } from '../db/units/time.ts'
import { testBook, testMeter } from '../worker/gateway/meter/testing.ts'
import { createApp } from '../worker/index.ts'
import { tableText } from './table.ts'

type Truth = {
  usage: { prompt_tokens: number; completion_tokens: number }
  finish_reasons: string[]
  choice0_text_sha256: string
  cost_usd: string
}
/** What of a call has to be the same, however it was made. */
type Seen = { prompt: number; completion: number; costUsd: string; finish: string; textSha256: string; words: string }

const ADMIN_KEY = 'an-admin-key-of-real-streams'
/** Bytes that the provider sends at a time; the last is all of them. */
const PIECE_BYTES = [7, 100, 1 << 20]

const [dir] = process.argv.slice(2)
if (!dir || !existsSync(join(dir, 'openai_sse'))) throw new Error('usage: node bench/real-streams.ts DIR')
const truthFile = join(dir, 'truth', 'openai_sse.json')
const truths = existsSync(truthFile) ? (JSON.parse(readFileSync(truthFile, 'utf8')) as Record<string, Truth>) : {}
const mismatches: string[] = []
const rows: string[][] = []

/** What the provider answers next. */
let next: { type: string; body: Buffer; pieceBytes: number }
const provider = createServer(async (request, response) => {
  for await (const _ of request);
  response.writeHead(200, { 'content-type': next.type })
  for (let at = 0; at < next.body.length; at += next.pieceBytes) {
    if (!response.write(next.body.subarray(at, at + next.pieceBytes)))
      await new Promise((drained) => response.once('drain', drained))
    await new Promise((turn) => setImmediate(turn))
  }
  response.end()
})
await new Promise<void>((ready) => provider.listen(0, '127.0.0.1', ready))
const folder = mkdtempSync(join(tmpdir(), 'heliox-streams-'))
const heliox = await open(folder, `http://127.0.0.1:${(provider.address() as AddressInfo).port}`)
for (const file of readdirSync(join(dir, 'openai_sse')).sort())
  if (file.endsWith('.sse')) await compare(file, readFileSync(join(dir, 'openai_sse', file)))
console.log(
  tableText({
    title: 'Recorded streams through the gateway, at 2.50 and 10 USD a million tokens',
    head: ['', 'prompt', 'completion', 'as a stream', 'as a whole', 'known', 'finish'],
    rows,
  }),
)
for (const mismatch of mismatches) console.error(mismatch)
heliox.close()
provider.close()
rmSync(folder, { recursive: true, force: true })
process.exitCode = mismatches.length > 0 ? 1 : 0

async function compare(file: string, recorded: Buffer): Promise<void> {
  const chat = { model: 'recorded', messages: [{ role: 'user' as const, content: 'as recorded' }] }
  const streams: Seen[] = []
  let whole: OpenAI.ChatCompletion | null = null
  for (const pieceBytes of PIECE_BYTES) {
    next = { type: 'text/event-stream', body: recorded, pieceBytes }
    const { data: stream, response } = await heliox.client.chat.completions
      .create({ ...chat, stream: true, stream_options: { include_usage: true } })
      .withResponse()
    whole = await assembled(stream)
    streams.push(seen(whole, await heliox.costOf(response)))
  }
  next = { type: 'application/json', body: Buffer.from(JSON.stringify(whole)), pieceBytes: 1 << 20 }
  const { data, response } = await heliox.client.chat.completions.create(chat).withResponse()
  const atOnce = seen(data, await heliox.costOf(response))
  for (const [index, stream] of streams.entries())
    same(`${file} in pieces of ${PIECE_BYTES[index]} bytes`, JSON.stringify(stream), JSON.stringify(atOnce))
  const known = truths[file]
  if (known) {
    same(`${file}: prompt tokens`, atOnce.prompt, known.usage.prompt_tokens)
    same(`${file}: completion tokens`, atOnce.completion, known.usage.completion_tokens)
    same(`${file}: cost`, Number(atOnce.costUsd), Number(known.cost_usd))
    same(`${file}: text`, atOnce.textSha256, known.choice0_text_sha256)
    same(`${file}: finish`, [...new Set(atOnce.finish.split(' '))].join(' '), known.finish_reasons.join(' '))
  }
  const [first] = streams
  const { prompt, completion, finish } = atOnce
  rows.push([
    file,
    String(prompt),
    String(completion),
    first?.costUsd ?? '',
    atOnce.costUsd,
    known?.cost_usd ?? '-',
    finish,
  ])
}

function same(what: string, got: unknown, wanted: unknown): void {
  if (got !== wanted) mismatches.push(`${what}: ${String(got)} is not ${String(wanted)}`)
}

/** The answer that a stream makes, put together from its deltas. */
async function assembled(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<OpenAI.ChatCompletion> {
  const choices: Record<string, unknown>[] = []
  let last: OpenAI.ChatCompletionChunk | null = null
  let usage: unknown = null
  for await (const chunk of stream) {
    last = chunk
    usage = chunk.usage ?? usage
    for (const { index, delta, finish_reason: finish } of chunk.choices) {
      choices[index] ??= { index, message: { role: 'assistant', content: null }, logprobs: null, finish_reason: null }
      const choice = choices[index] as { message: Record<string, unknown>; finish_reason: unknown }
      merge(choice.message, delta as Record<string, unknown>)
      choice.finish_reason = finish ?? choice.finish_reason
    }
  }
  return { ...last, object: 'chat.completion', choices, usage } as unknown as OpenAI.ChatCompletion
}

/** Texts grow, entries of lists find their place by their index, all else is as it was said last. */
function merge(whole: Record<string, unknown>, delta: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(delta)) {
    const before = whole[name]
    if (typeof value === 'string' && typeof before === 'string' && name !== 'role') whole[name] = before + value
    else if (Array.isArray(value)) {
      const list = (Array.isArray(before) ? before : []) as Record<string, unknown>[]
      for (const one of value as Record<string, unknown>[]) {
        const place = Number(one.index ?? list.length)
        list[place] ??= {}
        merge(list[place] as Record<string, unknown>, one)
      }
      whole[name] = list
    } else if (typeof value === 'object' && value !== null) {
      whole[name] = { ...(before as object) }
      merge(whole[name] as Record<string, unknown>, value as Record<string, unknown>)
    } else if (value !== null || before === undefined) whole[name] = value
  }
}

function seen({ choices, usage }: OpenAI.ChatCompletion, costUsd: string): Seen {
  const text = choices[0]?.message.content ?? ''
  return {
    ...{ prompt: usage?.prompt_tokens ?? -1, completion: usage?.completion_tokens ?? -1, costUsd },
    finish: choices.map((choice) => choice.finish_reason).join(' '),
    textSha256: createHash('sha256').update(text).digest('hex'),
    words: JSON.stringify(choices.map(({ message }) => [message.content, message.refusal, message.tool_calls])),
  }
}

/** The real app on a fresh database, with the provider as its only backend. */
async function open(place: string, baseUrl: string) {
  const connection = createClient({ url: `file:${join(place, 'heliox.db')}`, intMode: 'bigint' })
  const db = onClient(connection)
  await migrate(db, { migrationsFolder: fileURLToPath(new URL('../db/migrations', import.meta.url)) })
  const now = () => Date.now() as EpochMs
  const book = testBook(db, now)
  const bindings = {
    ...{ ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1', LOG_LEVEL: 'error', ADMIN_API_KEY: ADMIN_KEY },
    ...{ SECRET_KEY: 'a-secret-key-of-real-streams-0123456789', ...testMeter(book) },
  }
  const app = createApp({ bindings, openDb: () => db, now })
  const own = { name: 'recorded', kind: 'openai-compatible', baseUrl, createdAtMs: now() } as const
  const [row] = await db.insert(backends).values(own).returning({ id: backends.id })
  if (!row) throw new Error('the backend was not written')
  await db.insert(backendModels).values({ backendId: row.id, model: 'recorded', upstreamModel: 'recorded' })
  const price = { model: 'recorded', effectiveFrom: '2020-01-01' as Day, input: '2.50', output: '10' }
  await db.insert(modelPrices).values({ ...price, createdAtMs: now() })
  const made = await app.fetch(
    new Request('http://heliox.local/api/v1/keys', {
      ...{ method: 'POST', body: JSON.stringify({ name: 'streams', scopes: ['inference'], rpm: 10_000 }) },
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    }),
  )
  const { key } = (await made.json()) as { key: string }
  const client = new OpenAI({
    ...{ apiKey: key, baseURL: 'http://heliox.local/v1', maxRetries: 0 },
    fetch: async (address, init) => app.fetch(new Request(String(address), init as RequestInit)),
  })
  return {
    client,
    /** What the ledger says that a call cost. */
    costOf: async (response: Response): Promise<string> => {
      await book.flush()
      const id = response.headers.get('x-request-id') ?? ''
      const [call] = await db
        .select()
        .from(requests)
        .where(eq(requests.id, id as never))
      if (call?.status !== 'completed') return `${call?.status} ${call?.errorMessage}`
      return call.costNanoUsd === null ? 'unpriced' : usdText(call.costNanoUsd as NanoUsd)
    },
    close: () => connection.close(),
  }
}
