import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { startChild } from '../worker/local/start-child.ts'
import { Resident } from './resident.ts'

type Native = { prepare(sql: string): { run(args: unknown[]): void; get(args: unknown[]): unknown }; close(): void }
type Sums = { calls: number; input: number; cached: number; output: number; cost: number }

/** Of 23 tokens in at $1, 100 cached at $0.10 and 40 out at $2 a million. */
const NANO_USD_A_CALL = 113_000
const LONGEST_WAIT_MS = 120_000

/**
 * Heliox before that upstream, all of it: a key, limits, a price, every call metered into a durable database. As `npm run serve`
 * runs it, or as `npm start` does, in Miniflare.
 */
export async function startGateway(upstream: string, isServed: boolean) {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
  const settings = { ...(isServed ? { HELIOX_SERVE: '1' } : {}), ALLOW_PRIVATE_BACKENDS: 'true' }
  const heliox = await startChild(dataDir, settings)
  const db = new Database(join(dataDir, 'heliox.db'), { timeout: 5_000 }) as unknown as Native
  const nowMs = BigInt(Date.now())
  const made = db
    .prepare(`insert into backends (name, kind, base_url, created_at_ms) values ('bench', 'openai-compatible', ?, ?)
      returning id`)
    .get([`${upstream}/v1`, nowMs]) as { id: number }
  db.prepare('insert into backend_models (backend_id, model, upstream_model) values (?, ?, ?)').run([
    ...[BigInt(made.id), 'bench-2026', 'bench-2026'],
  ])
  db.prepare(`insert into model_prices (model, effective_from, input_usd_per_million, output_usd_per_million,
    cached_input_usd_per_million, created_at_ms) values ('bench-2026', '2020-01-01', '1', '2', '0.1', ?)`).run([nowMs])
  const { adminApiKey } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { adminApiKey: string }
  const answer = await fetch(new URL('/api/v1/keys', heliox.url), {
    method: 'POST',
    headers: { 'x-api-key': adminApiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', scopes: ['inference'], rpm: 1_000_000 }),
  })
  const { key } = (await answer.json()) as { key: string }
  const memory = new Resident(heliox.process.pid ?? 0)
  const sums = () =>
    db
      .prepare(`select count(*) as calls, coalesce(sum(input_tokens), 0) as input, coalesce(sum(output_tokens), 0) as output,
        coalesce(sum(cached_input_tokens), 0) as cached, coalesce(sum(cost_nano_usd), 0) as cost from requests`)
      .get([]) as Sums
  return {
    url: `${new URL('/v1/chat/completions', heliox.url)}`,
    headers: { authorization: `Bearer ${key}` },
    memory,
    /** Waits until so many calls are in the database. Throws where they never come, or are not what was used. */
    metered: async (calls: number): Promise<void> => {
      const deadline = Date.now() + LONGEST_WAIT_MS
      while (sums().calls < calls && Date.now() < deadline) await new Promise((resume) => setTimeout(resume, 250))
      const { calls: stored, input, output, cached, cost } = sums()
      const used = { calls: stored, input, output, cached }
      const wanted = { calls, input: calls * 23, output: calls * 40, cached: calls * 100 }
      if (JSON.stringify(used) !== JSON.stringify(wanted) || cost !== calls * NANO_USD_A_CALL)
        throw new Error(`metered ${JSON.stringify({ ...used, cost })}, not ${JSON.stringify(wanted)}`)
    },
    close: async () => {
      memory.stop()
      db.close()
      heliox.process.kill('SIGTERM')
      await heliox.ended
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
