import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConnectionPool } from './connection-pool.ts'
import { Durations } from './durations.ts'
import { HranaError } from './hrana-error.ts'
import { checkCaller, errorReply, readJson, reply } from './http-exchange.ts'
import { runPipeline } from './pipeline.ts'
import { decodePipeline } from './requests.ts'
import { StreamTable } from './stream-table.ts'
import { WriteQueue } from './write-queue.ts'

export type LocalDbOptions = {
  /** Path of the database file; created when missing, with `-wal` and `-shm` beside it while open. */
  file: string
  /** Bearer token every caller must show. Without it every local process may read and write. */
  authToken?: string
  /** 0, the default, takes a free port. */
  port?: number
  /** Default 127.0.0.1: nobody else on the network can connect. */
  host?: string
  /** FULL, the default: an answered commit survives a power cut. NORMAL: it survives a crash of the process. */
  synchronous?: 'FULL' | 'NORMAL'
  /** A stream without a request for so long is rolled back and closed. Default 10 000, as in sqld. */
  streamIdleMs?: number
  /** A short writer that waited so long for others gets SQLITE_BUSY; a long one waits up to a minute. Default 15 000. */
  writeWaitMs?: number
  /** Larger request bodies are refused with 413. Default 64 MiB. */
  maxBodyBytes?: number
  /** Streams open at a time, waiting writers among them; beyond them 503. Default 256. */
  maxStreams?: number
}

export type LocalDb = {
  /** For `@libsql/client`: http://host:port */
  readonly url: string
  readonly port: number
  /**
   * Ends the requests at work, rolls back the transactions that wait for their client, writes the log into the file
   * and closes it. Called again it answers the same promise.
   */
  close(): Promise<void>
  /** What is open at this moment, and the number of pipelines since the start. */
  stats(): {
    streams: number
    idleStreams: number
    connections: number
    idleConnections: number
    isWriting: boolean
    waitingWriters: number
    pipelines: number
  }
}

/** How long close() waits for requests at work. */
const CLOSE_MS = 3_000
/** Longer than clients keep a connection, or they would send on one that is being closed. */
const KEEP_ALIVE_MS = 600_000

/**
 * Serves one libSQL file over Hrana 2 (HTTP, JSON), as hosted libSQL does: POST /v2/pipeline, and GET /v2 and /health
 * to see whether it is up. One process may serve a file at a time.
 * Throws what the driver or the socket says when the file cannot be opened or the port is taken.
 */
export async function startLocalDb(options: LocalDbOptions): Promise<LocalDb> {
  const { authToken = null, host = '127.0.0.1', maxBodyBytes = 64 * 1024 * 1024 } = options
  const { streamIdleMs = 10_000, maxStreams = 256 } = options
  const pool = new ConnectionPool(options.file, options.synchronous ?? 'FULL')
  pool.give(pool.take()) // a file that cannot be opened is to be known now
  const queue = new WriteQueue(options.writeWaitMs ?? 15_000)
  const streams = new StreamTable(pool, queue, new Durations(), { streamIdleMs, maxStreams })
  let pipelines = 0
  let closing: Promise<void> | null = null

  function send(response: ServerResponse, status: number, json: string): void {
    if (closing && !response.headersSent) response.setHeader('connection', 'close')
    reply(response, status, json)
  }

  /** A client gives its stream up when a request of it is refused, and so do we: the stream may hold the write lock. */
  function decoded(body: unknown): ReturnType<typeof decodePipeline> {
    try {
      return decodePipeline(body)
    } catch (error) {
      streams.abandon((body as { baton?: unknown } | null)?.baton)
      throw error
    }
  }

  async function answerPipeline(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { baton, requests } = decoded(await readJson(request, maxBodyBytes))
    const stream = streams.acquire(baton)
    pipelines++
    // Nobody can go on with a stream whose baton did not arrive.
    response.once('close', () => {
      if (!response.writableFinished) streams.drop(stream)
    })
    try {
      const results = await runPipeline(stream, requests)
      const next = JSON.stringify(streams.release(stream))
      send(response, 200, `{"baton":${next},"base_url":null,"results":[${results.join(',')}]}`)
    } catch (error) {
      streams.drop(stream)
      throw error
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0]
    if (request.method === 'GET' && path === '/health') return send(response, 200, '{"status":"ok"}')
    checkCaller(request, authToken)
    if (request.method === 'GET' && path === '/v2') return send(response, 200, '{"protocol":"hrana2"}')
    if (path !== '/v2/pipeline') throw new HranaError('NOT_FOUND', 'Only /v2/pipeline is served', 404)
    if (request.method !== 'POST') throw new HranaError('METHOD_NOT_ALLOWED', 'Only POST is served here', 405)
    await answerPipeline(request, response)
  }

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const { status, json } = errorReply(error)
      if (!request.complete) response.setHeader('connection', 'close')
      send(response, status, json)
    })
  })
  const port = await listen(server, options.port ?? 0, host).catch((error: unknown) => {
    pool.close()
    throw error
  })

  async function close(): Promise<void> {
    streams.beginClose()
    await stop(server)
    streams.close()
    pool.close()
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close: () => (closing ??= close()),
    stats: () => ({
      streams: streams.open,
      idleStreams: streams.idle,
      connections: pool.lent + pool.idle,
      idleConnections: pool.idle,
      isWriting: queue.isHeld,
      waitingWriters: queue.waiting,
      pipelines,
    }),
  }
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return (server.address() as AddressInfo).port
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
  await closed
  clearTimeout(deadline)
}
