import { vi } from 'vitest'
import type { Db } from '../../db/client.ts'
import { createApp } from '../index.ts'
import { ADMIN_KEY, startHeliox, type TestHeliox } from '../testing.ts'

const BILL = `date,provider,gpu_type,cost_usd,gpu_hours
2026-01-05,aws,h100,100,48
2026-01-06,aws,h100,90,48
2026-01-06,gcp,a100,40,24
`
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
a1,alpha,llama,aws,h100,1,2026-01-05T00:00:00Z,2026-01-06T12:00:00Z,completed
b1,beta,qwen,aws,h100,1,2026-01-05T00:00:00Z,2026-01-05T06:00:00Z,completed
b2,beta,qwen,gcp,a100,1,2026-01-06T00:00:00Z,,running
`
const WINDOW = 'start=2026-01-05&end=2026-01-07'

/** Every answer of analytics over REST that anybody may ask. */
export const QUESTIONS = [
  ...['by-team', 'by-model', 'by-provider', 'by-gpu-type', 'daily'].map((by) => `/analytics/cost/${by}?${WINDOW}`),
  `/analytics/cost/daily?${WINDOW}&group_by=team`,
  `/analytics/cost/by-team?${WINDOW}&basis=usage`,
  ...[`/analytics/reconciliation?${WINDOW}`, '/analytics/extent'],
].map((path) => `/api/v1${path}`)
/** The files that depend on the ledger alone. */
export const FILES = ['costs', 'focus'].map((name) => `/api/v1/exports/${name}.csv?${WINDOW}`)
export const BY_TEAM = QUESTIONS[0]!

/** A company of two teams, alpha (team_1) and beta (team_2), with a bill and a job that still runs. */
export async function startCompany() {
  const heliox = await startHeliox({ now: '2026-01-06T20:00:00Z' })
  await heliox.send('cost-csv', BILL)
  await heliox.send('jobs-csv', JOBS)
  const { db, now } = heliox
  const settings = { ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1', LOG_LEVEL: 'error' }
  const bindings = { ...settings, SECRET_KEY: 'a-secret-key-of-this-test-0123456789', ADMIN_API_KEY: ADMIN_KEY }
  return {
    ...heliox,
    /** What an isolate answers that has kept nothing. */
    anew: async (path: string, headers: Record<string, string> = { 'x-api-key': ADMIN_KEY }) =>
      createApp({ bindings: { ...bindings }, openDb: () => db, now }).fetch(
        new Request(new URL(path, 'http://localhost'), { headers }),
      ),
  }
}

/** The SQL of everything that `work` runs. */
export async function statementsOf({ $client }: Db, work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = []
  const text = (statement: unknown) => (typeof statement === 'string' ? statement : (statement as { sql: string }).sql)
  const { execute, batch } = $client
  const spies = [
    vi.spyOn($client, 'execute').mockImplementation((...[statement, ...args]: unknown[]) => {
      seen.push(text(statement))
      return Reflect.apply(execute, $client, [statement, ...args])
    }),
    vi.spyOn($client, 'batch').mockImplementation((statements, ...args) => {
      seen.push(...statements.map(text))
      return Reflect.apply(batch, $client, [statements, ...args])
    }),
  ]
  await work()
  for (const spy of spies) spy.mockRestore()
  return seen
}

/** How often an answer was kept, made and held so far, as /metrics says. */
export async function counts({ stranger }: Pick<TestHeliox, 'stranger'>): Promise<Record<string, number>> {
  const text = await (await stranger('/metrics')).text()
  const lines = text.matchAll(/^heliox_analytics_cache_requests_total\{result="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...lines].map(([, result, value]) => [result, Number(value)]))
}
