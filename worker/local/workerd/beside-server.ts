import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join, sep } from 'node:path'
import { BUCKETS } from './beside.ts'

/** One message of the queue; `attempts` counts from 1. */
export type Delivery = { queue: string; body: unknown; attempts: number }
/** Hands a message to the Worker; answers after how many seconds it wants it again, null: never. */
export type Deliver = (message: Delivery) => Promise<number | null>

const QUEUE = 'heliox-imports'
const DEAD = 'heliox-imports-dead'
/** As wrangler.toml says. */
const MOST_RETRIES = 4
const AGAIN_SECONDS = 5

/**
 * What the Worker has beside it where no host gives it: each bucket as a folder of the data folder, and the queue of imports in
 * memory, one message at a time. Open to who has the token, on this machine only.
 */
export async function startBeside(dataDir: string, token: string, deliver: Deliver) {
  for (const bucket of BUCKETS) mkdirSync(join(dataDir, bucket), { recursive: true, mode: 0o700 })
  const timers = new Set<NodeJS.Timeout>()
  let turn: Promise<void> = Promise.resolve()
  const later = (message: Delivery, seconds: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      turn = turn.then(() => hand(message))
    }, seconds * 1000)
    timers.add(timer)
  }
  const hand = async (message: Delivery): Promise<void> => {
    const again = await deliver(message).catch(() => AGAIN_SECONDS)
    if (again === null) return
    if (message.attempts <= MOST_RETRIES) later({ ...message, attempts: message.attempts + 1 }, again)
    else if (message.queue === QUEUE) later({ ...message, queue: DEAD, attempts: 1 }, 0)
  }
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) return void response.writeHead(403).end()
    const bucket = BUCKETS.find((one) => one === request.headers['x-bucket']) ?? 'uploads'
    serve(join(dataDir, bucket), request, response, (body) => later({ queue: QUEUE, body, attempts: 1 }, 0)).catch(
      () => {
        if (!response.headersSent) response.writeHead(500)
        response.end()
      },
    )
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

async function serve(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
  enqueue: (body: unknown) => void,
): Promise<void> {
  const key = (request.url ?? '/').slice(1)
  const file = fileOf(folder, key)
  if (request.method === 'GET' && key === '') {
    const prefix = String(request.headers['x-prefix'] ?? '')
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(filesBelow(folder).filter((one) => one.key.startsWith(prefix))))
    return
  }
  if (request.method === 'GET') {
    const size = file && existsSync(file) ? statSync(file).size : null
    if (!file || size === null) return void response.writeHead(404).end()
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
    if (Number(first) > end) return void response.writeHead(200, { 'content-length': 0 }).end()
    response.writeHead(200, { 'content-length': end - Number(first) + 1 })
    createReadStream(file, { start: Number(first), end })
      .on('error', () => response.destroy())
      .pipe(response)
    return
  }
  const body = await bytesOf(request)
  if (request.method === 'PUT' && file) {
    mkdirSync(dirname(file), { recursive: true })
    await writeFile(`${file}.new`, body, { flush: true })
    renameSync(`${file}.new`, file)
  } else if (request.method === 'DELETE')
    for (const one of JSON.parse(body.toString()) as string[]) rmSync(fileOf(folder, one) ?? '', { force: true })
  else if (request.method === 'POST') enqueue(JSON.parse(body.toString()))
  response.writeHead(204).end()
}

/** Null for a key that would lead out of the folder. */
function fileOf(folder: string, key: string): string | null {
  return /^[\w-]+(\/[\w-]+)*$/.test(key) ? join(folder, key) : null
}

function filesBelow(folder: string): { key: string; size: number }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.new'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({
      key: path
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
      size: statSync(path).size,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
