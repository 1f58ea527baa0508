import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, openDb } from '../../db/client.ts'
import { backendModels, backends } from '../../db/schema/backends.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import { requests } from '../../db/schema/requests.ts'
import type { BackendId } from '../../db/units/ids.ts'
import type { Day, EpochMs } from '../../db/units/time.ts'
import { startStack } from '../local/stack.ts'

/** A model `small` at 1 and 2 dollars a million, served by the backend at that address. */
export async function serveSmall(db: Db, baseUrl: string, timeoutMs = 5_000): Promise<void> {
  const own = {
    name: 'stub',
    kind: 'openai-compatible',
    retries: 0,
    timeoutMs,
    baseUrl,
    createdAtMs: Date.now() as EpochMs,
  } as const
  const [made] = await db.insert(backends).values(own).returning({ id: backends.id })
  const backendId = (made as { id: BackendId }).id
  await db.insert(backendModels).values({ backendId, model: 'small', upstreamModel: 'small-2026' })
  const price = { model: 'small', effectiveFrom: '2020-01-01' as Day, input: '1', output: '2' }
  await db.insert(modelPrices).values({ ...price, createdAtMs: Date.now() as EpochMs })
}

/** The built Worker in workerd with a key; `small` is what `upstream` serves. */
export async function startGatewayWorker(upstream: string, options: { timeoutMs?: number } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-gateway-'))
  const stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
  const db = openDb(stack.databaseUrl, stack.databaseAuthToken)
  await serveSmall(db, upstream, options.timeoutMs)
  const made = await fetch(new URL('/api/v1/keys', stack.url), {
    method: 'POST',
    body: JSON.stringify({ name: 'app', scopes: ['inference'], rpm: 100_000 }),
    headers: { 'x-api-key': stack.adminApiKey, 'content-type': 'application/json' },
  })
  const { key } = (await made.json()) as { key: string }
  return {
    ...{ stack, db, key },
    baseURL: new URL('/v1', stack.url).href,
    /** What is in `requests` once there are so many of them. */
    metered: async (count: number) => {
      for (let turn = 0; ; turn += 1) {
        const rows = await db.select().from(requests).orderBy(requests.startedAtMs, requests.id)
        if (rows.length >= count || turn > 100) return rows
        await new Promise((resume) => setTimeout(resume, 100))
      }
    },
    close: async () => {
      await stack.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
