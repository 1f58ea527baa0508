import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { writeBatch } from '../../db/client.ts'
import type { Day } from '../../db/units/time.ts'
import { startHeliox } from '../testing.ts'
import type { UsageDraft } from './importers/importer.ts'
import { storeUsage } from './store-usage.ts'

const HEADER = 'date,provider,gpu_type,gpu_hours,measured_gpu_hours\n'
const USAGE = sql`select u.entry_date as day, p.gpu_type as gpu, u.gpu_seconds as seconds, u.measured_gpu_seconds as measured,
  u.source, u.created_by as created, u.changed_by as changed, u.seen_by as seen
  from usage_snapshots u join pools p on p.id = u.pool_id order by u.entry_date, p.gpu_type`

async function started() {
  const heliox = await startHeliox()
  return { ...heliox, usage: () => heliox.db.all<Record<string, unknown>>(USAGE) }
}

test('measured usage is stored to the second, and a corrected row replaces what the pool-day had', async () => {
  const { send, usage } = await started()
  const first = await send('usage-csv', `${HEADER}2026-02-01,AWS,H100,24.5,48\n2026-02-02,aws,h100,0,\n`)
  expect(first.result).toMatchObject({ total_records: 2, inserted: 2, updated: 0, unchanged: 0, failed: 0 })
  expect(first.result.totals.gpu_hours).toBe('24.5')
  const again = await send('auto', `${HEADER}2026-02-01,aws,h100,24.5,48\n2026-02-02,aws,h100,3,\n`)
  expect(again).toMatchObject({ format: 'usage-csv', result: { inserted: 0, updated: 2, unchanged: 1 } })
  expect(await usage()).toEqual([
    {
      day: '2026-02-01',
      gpu: 'h100',
      seconds: 88_200n,
      measured: 172_800n,
      source: '',
      created: 1n,
      changed: 1n,
      seen: 2n,
    },
    {
      day: '2026-02-02',
      gpu: 'h100',
      seconds: 10_800n,
      measured: null,
      source: '',
      created: 1n,
      changed: 2n,
      seen: 2n,
    },
  ])
})

test('a row entered by hand is the same pool-day’s, and the file’s takes its place', async () => {
  const { send, write, usage } = await started()
  await write('POST', '/api/v1/usage', { date: '2026-02-01', provider: 'aws', gpu_type: 'h100', gpu_hours: 5 })
  expect((await send('usage-csv', `${HEADER}2026-02-01,AWS,H100,6,\n`)).result).toMatchObject({
    updated: 1,
    unchanged: 0,
  })
  expect(await usage()).toMatchObject([{ seconds: 21_600n, created: 0n, changed: 1n }])
  expect((await write('GET', '/api/v1/usage')).body.usage).toMatchObject([{ id: 'usage_1', gpu_hours: '6' }])
})

test('a second row with a key of the file is quarantined with its line, in the same chunk and in a later one', async () => {
  const { send, usage, json } = await started()
  const row = (hours: number) => `2026-02-01,aws,h100,${hours},\n`
  const pools = Array.from({ length: 10_000 }, (_, at) => `2026-02-01,aws,pool-${at},1,\n`).join('')
  const { result, import_id, status } = await send('usage-csv', HEADER + row(1) + row(2) + pools + row(3))
  expect(status).toBe('partial_success')
  expect(result).toMatchObject({ total_records: 10_003, inserted: 10_001, updated: 0, failed: 2 })
  expect(result.totals.gpu_hours).toBe('10001')
  expect(result.errors.map(({ line, column, code }) => [line, column, code])).toEqual([
    [3, 'date', 'ingest.repeated'],
    [10_004, 'date', 'ingest.repeated'],
  ])
  expect((await usage())[0]).toMatchObject({ gpu: 'h100', seconds: 3_600n })
  expect(await json(`/api/v1/imports/${import_id}/errors`)).toMatchObject({ total: 2 })
})

test('a dry run counts what the import does and changes nothing', async () => {
  const { send, usage } = await started()
  await send('usage-csv', `${HEADER}2026-02-01,aws,h100,1,\n`)
  const before = await usage()
  const file = `${HEADER}2026-02-01,aws,h100,1,\n2026-02-01,aws,h100,2,\n2026-02-02,aws,h200,2,\n`
  const dry = await send('usage-csv', file, '&dry_run=true')
  expect(await usage()).toEqual(before)
  expect(dry.result).toMatchObject({ inserted: 1, updated: 1, unchanged: 1, failed: 1 })
  expect((await send('usage-csv', file)).result).toEqual(dry.result)
})

test('the statements of a chunk take its rows once: a second time they are all repeated', async () => {
  const { db, usage } = await started()
  await db.run(sql`insert into imports (id, format, source, status, actor, started_at_ms, progressed_at_ms)
    values (7, 'usage-csv', '', 'reading', 'test', 0, 0)`)
  const draft: UsageDraft = {
    ...{ kind: 'usage', line: 2, entryDate: '2026-02-01' as Day, provider: 'aws', gpuType: 'h100' },
    ...{ gpuSeconds: 60, measuredGpuSeconds: null },
  }
  const store = async () => (await writeBatch(db, storeUsage([draft], 7n)))[0]?.rows[0]
  expect(await store()).toMatchObject({ repeated: 0n, gpu_seconds: 0n })
  expect(await store()).toMatchObject({ repeated: 1n, gpu_seconds: 60n })
  expect(await usage()).toHaveLength(1)
})

test('measured usage is the whole company’s, as a bill is: who sees their teams only sends none', async () => {
  const { write, as } = await started()
  await write('POST', '/api/v1/teams', { name: 'ml' })
  const developer = await as('developer', ['team_1'])
  for (const format of ['usage-csv', 'auto']) {
    const body = `${HEADER}2026-02-01,aws,h100,1,\n`
    const response = await developer.fetch(`/api/v1/imports?format=${format}`, { method: 'POST', body })
    expect([response.status, (await response.json()) as object]).toMatchObject([
      403,
      { error: { code: 'auth.whole_company' } },
    ])
  }
})
