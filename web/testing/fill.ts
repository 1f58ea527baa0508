import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dayOf, type EpochMs } from '../../db/units/time.ts'
import { demoCosts, demoJobs, demoUsage } from '../../seeds/demo.ts'
import type { Stack } from '../../worker/local/stack.ts'

/** A running Heliox, and the key that opens it. */
type Reached = Pick<Stack, 'url' | 'adminApiKey'>

const SAMPLES = join(import.meta.dirname, '../../seeds/samples')
/** A bill with a row that nothing can be made of. */
const BROKEN = 'date,provider,gpu_type,cost_usd\n2026-02-01,aws,l4,3.50\nsome day,aws,l4,much\n'

/** What of a filled installation has an address of its own. */
export type Filled = { importId: string; jobId: string; teamId: string; joinPath: string }

/** A call of the REST surface with the admin key; throws Error with the answer where it is refused. */
export async function callAsAdmin<T>(stack: Reached, method: string, path: string, body?: string | object): Promise<T> {
  const answer = await fetch(new URL(`/api/v1${path}`, stack.url), {
    method,
    headers: {
      'x-api-key': stack.adminApiKey,
      ...(typeof body === 'object' && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'object' ? JSON.stringify(body) : body }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
  return (text === '' ? null : JSON.parse(text)) as T
}

/** The company of the demo with something on every page: bills, jobs, meters, calls, a refused row, rules, people, keys. */
export async function fill(stack: Reached): Promise<Filled> {
  const now = Date.now() as EpochMs
  const call = <T>(method: string, path: string, body?: string | object) => callAsAdmin<T>(stack, method, path, body)
  const send = (format: string, text: string) => call<{ import_id: string }>('POST', `/imports?format=${format}`, text)
  const team = await call<{ id: string }>('POST', '/teams', { name: 'search-ranking', budget_usd: '240000' })
  await call('POST', '/teams', { name: 'vision', description: 'Image and video understanding', budget_usd: '90000' })
  await send('cost-csv', await whole(demoCosts(dayOf(now))))
  await send('jobs-json', await whole(demoJobs(now)))
  await send('usage-csv', await whole(demoUsage(dayOf(now))))
  await send('auto', await readFile(join(SAMPLES, 'focus.csv'), 'utf8'))
  await send('auto', todays(await readFile(join(SAMPLES, 'requests.csv'), 'utf8'), dayOf(now)))
  const { import_id: importId } = await send('cost-csv', BROKEN)
  const { link } = await call<{ link: { path: string } }>('POST', '/users', {
    ...{ email: 'finance@example.com', name: 'Robin', role: 'finance' },
  })
  await call('POST', '/users', { email: 'dev@example.com', role: 'developer', team_ids: [team.id] })
  await call('POST', '/keys', { name: 'nightly import', scopes: ['ingest'], team_id: team.id })
  await call('POST', '/owner-rules', {
    ...{ field: 'account', pattern: 'ml-*', owner: { kind: 'team', teams: [{ team_id: team.id }] } },
  })
  await call('POST', '/gpu-rules', { provider: 'aws', instance_type: 'p9.48xlarge', gpu_type: 'h100', gpu_count: 8 })
  await call('POST', '/sources', {
    ...{
      name: 'bill of the month',
      kind: 'https',
      is_enabled: false,
      config: { url: 'https://bills.example/costs.csv' },
    },
  })
  await call('POST', '/gateway/backends', {
    ...{
      name: 'own GPUs',
      kind: 'openai-compatible',
      base_url: 'http://127.0.0.1:1/v1',
      models: [{ model: 'llama-3' }],
    },
  })
  await call('POST', '/statements/2024-10/close')
  const { jobs } = await call<{ jobs: { id: string }[] }>('GET', '/jobs?limit=1')
  return { importId, jobId: jobs[0]?.id ?? '', teamId: team.id, joinPath: link.path }
}

/** Each day of the text becomes this one. */
function todays(text: string, day: string): string {
  return text.replace(/\d{4}-\d{2}-\d{2}(?=[T ])/g, day)
}

async function whole(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}
