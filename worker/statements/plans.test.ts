import type { Client } from '@libsql/client/web'
import { expect, test } from 'vitest'
import { twoMonths } from './testing.ts'

test('no statement is made by walking through all jobs, bill lines or pool-days', async () => {
  const heliox = await twoMonths()
  const { $client } = heliox.db
  const asked: string[] = []
  const batch = $client.batch.bind($client)
  $client.batch = (async (statements: { sql: string; args: never[] }[], mode: 'read') => {
    for (const { sql, args } of statements) {
      const { rows } = await $client.execute({ sql: `explain query plan ${sql}`, args })
      asked.push(...rows.map((row) => String(row.detail)))
    }
    return batch(statements, mode)
  }) as unknown as Client['batch']
  await heliox.trpc.statements.list.query({})
  await heliox.trpc.statements.get.query({ month: '2026-01' })
  expect(asked.some((step) => step.includes('pool_days'))).toBe(true)
  const walks = asked.filter((step) => /^SCAN (j|jobs|c|cost_entries|s|job_day_shares|d|pool_days)\b/.test(step))
  expect(walks).toEqual([])
})
