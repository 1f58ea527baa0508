import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'

export type Answered = { status: number; etag: string; body: string; ms: number }

/** One client with the admin key that keeps its one connection open: from the first byte asked to the last one answered. */
export class Caller {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 })
  private readonly url: string
  private readonly key: string

  constructor(url: string, dataDir: string) {
    this.url = url
    this.key = (JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { adminApiKey: string }).adminApiKey
  }

  /** `path` is below /api/v1. */
  get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
    return this.call('GET', path, headers)
  }

  /** Sends pieces of text as they are made; waits for the answer however long it takes, which fetch would not. */
  post(path: string, pieces: Iterable<string>): Promise<Answered> {
    return this.call('POST', path, {}, pieces)
  }

  /** The answer's JSON. Throws where it is no 200. */
  async json<T>(path: string): Promise<T> {
    const { status, body } = await this.get(path)
    if (status !== 200) throw new Error(`${path} answered ${status}: ${body.slice(0, 300)}`)
    return JSON.parse(body) as T
  }

  private call(
    method: string,
    path: string,
    headers: Record<string, string>,
    pieces?: Iterable<string>,
  ): Promise<Answered> {
    const startedAt = performance.now()
    return new Promise<Answered>((resolve, reject) => {
      const agent = pieces ? false : this.agent // a file goes through a connection of its own
      const options = { method, agent, headers: { 'x-api-key': this.key, ...headers } }
      const asking = request(new URL(`/api/v1${path}`, this.url), options, (response) => {
        const received: Buffer[] = []
        response.on('data', (piece: Buffer) => received.push(piece))
        response.on('error', reject)
        response.on('end', () => {
          const ms = performance.now() - startedAt
          const body = Buffer.concat(received).toString()
          resolve({ status: response.statusCode ?? 0, etag: response.headers.etag ?? '', body, ms })
        })
      })
      asking.on('error', (error: NodeJS.ErrnoException) => {
        // While another engine kept this process busy, the server has closed the connection that waited.
        const isStale = asking.reusedSocket && error.code === 'ECONNRESET' && !pieces
        if (isStale) this.call(method, path, headers).then(resolve, reject)
        else reject(error)
      })
      if (pieces) Readable.from(pieces).on('error', reject).pipe(asking)
      else asking.end()
    })
  }

  close(): void {
    this.agent.destroy()
  }
}
