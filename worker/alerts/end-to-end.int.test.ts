import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../db/client.ts'
import { addDays, dayOf, type EpochMs } from '../../db/units/time.ts'
import { signature } from '../channels/kinds/webhook.ts'
import { startReceiver } from '../deliveries/testing.ts'
import { type Stack, startStack } from '../local/stack.ts'

const HOUR_MS = 3_600_000

test('the built Worker’s clock tells a webhook that fails twice once, across a restart and two fires at once, and that it is over', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-alerts-'))
  const start = () => startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
  let stack: Stack = await start()
  onTestFinished(async () => {
    await stack.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const { received, url } = await startReceiver((n) => ({ status: n <= 2 ? 503 : 200 }))
  const ask = async <T>(path: string, body?: object | string): Promise<T> => {
    const type = typeof body === 'object' ? { 'content-type': 'application/json' } : {}
    const answer = await fetch(new URL(`/api/v1${path}`, stack.url), {
      headers: { 'x-api-key': stack.adminApiKey, ...type },
      ...(body === undefined ? {} : { method: 'POST', body: typeof body === 'object' ? JSON.stringify(body) : body }),
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return answer.json() as Promise<T>
  }
  const yesterday = addDays(dayOf(Date.now() as EpochMs), -1)
  const bill = (usd: number) =>
    ask('/imports?format=cost-csv', `date,provider,gpu_type,cost_usd\n${yesterday},aws,h100,${usd}\n`)
  /** As if so much time had passed for what waits. */
  const wait = async () => {
    const db = openDb(stack.databaseUrl, stack.databaseAuthToken)
    for (const [table, column] of [
      ['deliveries', 'next_attempt_at_ms'],
      ['alert_rules', 'last_looked_at_ms'],
    ])
      await db.$client.execute(`update ${table} set ${column} = ${column} - ${HOUR_MS}`)
    db.$client.close()
  }
  const channel = await ask<{ id: string; signing_key: string }>('/channels', {
    ...{ name: 'ops', kind: 'webhook', secrets: { url } },
  })
  await ask('/alerts/rules', {
    ...{ name: 'Dear day', kind: 'spend', params: { window: 1, above_usd: '5' }, channel_ids: [channel.id] },
  })
  await bill(10)
  await Promise.all([stack.tick('minute'), stack.tick('minute')])
  expect(received).toHaveLength(1)
  await wait()
  await stack.tick('minute')
  await stack.close()
  stack = await start()
  await wait()
  await Promise.all([stack.tick('minute'), stack.tick()])
  await stack.tick('minute')
  expect(received.map(({ headers }) => headers['x-heliox-delivery'])).toEqual(Array(3).fill('dlv_1'))
  await bill(1)
  await wait()
  await stack.tick('minute')
  await stack.tick('minute')
  expect(received.map(({ body }) => JSON.parse(body).kind)).toEqual(['fired', 'fired', 'fired', 'resolved'])
  for (const { headers, body } of received)
    expect(headers['x-heliox-signature']).toBe(
      signature(channel.signing_key, String(headers['x-heliox-timestamp']), body),
    )
  expect(await ask('/deliveries')).toMatchObject({ total: 2, deliveries: [{ status: 'sent' }, { status: 'sent' }] })
})
