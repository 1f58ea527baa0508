import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client/web'
import { onTestFinished } from 'vitest'
import { type LocalDb, type LocalDbOptions, startLocalDb } from './server.ts'

type Failure = { code: string; message: string }

/** One result of a pipeline: `response` when it went well, `error` when not. Tests look at the fields they expect. */
export type PipelineResult = {
  type: 'ok' | 'error'
  response: {
    type: string
    is_autocommit: boolean
    result: { rows: unknown[][]; step_results: unknown[]; step_errors: (Failure | null)[] }
  }
  error: Failure
}

/** One answer of POST /v2/pipeline; `message` and `code` when the whole request was refused. */
export type PipelineReply = Partial<Failure> & { baton: string | null; results: PipelineResult[] }

/** A server on a new file of its own; both are gone when the test is over. */
export async function serve(options: Partial<LocalDbOptions> = {}): Promise<LocalDb> {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-local-db-'))
  const db = await startLocalDb({ file: join(folder, 'test.db'), synchronous: 'NORMAL', ...options })
  onTestFinished(async () => {
    await db.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return db
}

/** The client the Worker uses, integers as bigint. */
export function connect(db: LocalDb, authToken?: string) {
  return createClient({ url: db.url, intMode: 'bigint', ...(authToken ? { authToken } : {}) })
}

/** Posts a body as it is and expects JSON back, whatever the status. */
export async function post(
  db: LocalDb,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<{ status: number; reply: PipelineReply }> {
  const response = await fetch(`${db.url}/v2/pipeline`, { method: 'POST', body: body as BodyInit, headers })
  if (response.headers.get('content-type') !== 'application/json') throw new Error('the answer is not JSON')
  return { status: response.status, reply: (await response.json()) as PipelineReply }
}

/** Sends requests on the stream of `baton`, or on a new one. */
export async function pipeline(db: LocalDb, requests: unknown[], baton: string | null = null): Promise<PipelineReply> {
  return (await post(db, JSON.stringify({ baton, requests }))).reply
}

/** An `execute` request with positional arguments of the wire. */
export function execute(sql: string, args: unknown[] = []) {
  return { type: 'execute', stmt: { sql, args } }
}

/** Looks every few milliseconds until `holds`, for at most five seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('the awaited condition did not come about')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
