import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { prometheusText } from './prometheus-text.ts'
import { readExposition } from './read-exposition.ts'

const sampleOf = (text: string, name: string) => new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]

test('Prometheus reads the metrics, without an account, and no name, address or amount is in them', async () => {
  const { stranger, send, fetch } = await startHeliox()
  await send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-01-13,zebra,h100,987.65\n')
  const read = async () => (await stranger('/metrics')).text()
  const before = await read()
  for (const _ of ['made', 'kept']) await fetch('/api/v1/analytics/extent')
  const answer = await stranger('/metrics')
  const text = await answer.text()
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  expect(text).toMatch(/^heliox_build_info\{version="\d+\.\d+\.\d+"\} 1$/m)
  const requests = (result: string) => sampleOf(text, `heliox_analytics_cache_requests_total\\{result="${result}"\\}`)
  expect(['hit', 'miss', 'not_modified'].map(requests)).toEqual(['1', '1', '0'])
  expect(sampleOf(before, 'heliox_analytics_cache_bytes')).toBe('0')
  expect(Number(sampleOf(text, 'heliox_analytics_cache_bytes'))).toBeGreaterThan(50)
  expect(sampleOf(text, 'heliox_ledger_version')).toBe(sampleOf(before, 'heliox_ledger_version'))
  expect(text).not.toMatch(/zebra|987|admin|@|http/i)
  for (const [name, { help }] of readExposition(text)) {
    expect(name).toMatch(
      /^(heliox_[a-z_]+|api_requests_total|api_request_duration_seconds|model_inference_seconds|active_connections)$/,
    )
    expect(help).not.toBe('')
  }
})

test('the ledger’s version rises with it, and what waits to be shared is counted', async () => {
  const { stranger, send, db } = await startHeliox()
  const read = async (name: string) => Number(sampleOf(await (await stranger('/metrics')).text(), name))
  const before = await read('heliox_ledger_version')
  await send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-01-13,aws,h100,10\n2026-01-14,aws,h100,10\n')
  expect(await read('heliox_ledger_version')).toBeGreaterThan(before)
  expect(await read('heliox_ledger_stale_pools')).toBe(0)
  await db.run(sql`update pool_days set is_stale = 1 where day = '2026-01-14'`)
  expect(await read('heliox_ledger_stale_pools')).toBe(1)
})

test('what the database cannot tell is left out and says so; the rest is there', async () => {
  const { stranger, db } = await startHeliox()
  await db.run(sql`drop table pool_days`)
  const answer = await stranger('/metrics')
  const text = await answer.text()
  expect([answer.status, sampleOf(text, 'heliox_ledger_version')]).toEqual([200, undefined])
  expect(text).toMatch(/^heliox_metrics_group_up\{group="ledger"\} 0$/m)
  expect(text).toMatch(/^heliox_metrics_group_up\{group="build"\} 1$/m)
  expect(text).not.toMatch(/pool_days"|SQLITE|no such/)
})

test('text is escaped as Prometheus reads it', () => {
  const samples = [{ labels: { path: 'C:\\a "b"\nc', other: '' }, value: 9007199254740993n }, { value: 0.5 }]
  const metric = { name: 'heliox_a', type: 'gauge', help: 'One \\ two\nthree "four"', samples } as const
  expect(prometheusText([metric, { ...metric, name: 'heliox_empty', samples: [] }])).toBe(
    '# HELP heliox_a One \\\\ two\\nthree "four"\n' +
      '# TYPE heliox_a gauge\n' +
      'heliox_a{path="C:\\\\a \\"b\\"\\nc",other=""} 9007199254740993\n' +
      'heliox_a 0.5\n',
  )
})
