import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { backendModels, backends } from '../../db/schema/backends.ts'
import { requests } from '../../db/schema/requests.ts'
import { startHeliox } from '../testing.ts'

test('a call of a model that the company has no price for is billed by the catalogue, until it has one', async () => {
  const usage = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 }
  const server = createServer((_, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ model: 'gpt-4.1', choices: [], usage }))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const heliox = await startHeliox()
  const { body } = await heliox.write('POST', '/api/v1/keys', { name: 'app', scopes: ['inference'] })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const own = { name: 'stub', kind: 'openai-compatible', baseUrl, createdAtMs: heliox.now(), retries: 0 } as const
  const [row] = await heliox.db.insert(backends).values(own).returning({ id: backends.id })
  await heliox.db.insert(backendModels).values({ backendId: row!.id, model: 'smart', upstreamModel: 'gpt-4.1' })
  const call = async () => {
    const answer = await heliox.stranger('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: 'smart', messages: [{ role: 'user', content: 'hello' }] }),
      headers: { authorization: `Bearer ${body.key as string}` },
    })
    return answer.headers.get('x-heliox-cost-usd')
  }
  expect(await call()).toBe('0.006') // 1,000 × 2.00 + 500 × 8.00 a million
  await heliox.write('POST', '/api/v1/prices/models', {
    ...{ model: 'gpt-4.1', input_usd_per_million: '1', output_usd_per_million: '4', effective_from: '2026-03-01' },
  })
  heliox.moveTo('2026-03-01T12:00:02Z')
  expect(await call()).toBe('0.003')
  await heliox.book.flush()
  const rows = await heliox.db.select().from(requests).orderBy(requests.startedAtMs)
  expect(rows.map(({ priceId, costGrade, costNanoUsd }) => [priceId, costGrade, costNanoUsd])).toEqual([
    [null, 'computed', 6_000_000n],
    ['price_1', 'computed', 3_000_000n],
  ])
  // The first was billed by the catalogue; by the book as it is now it costs as the second does.
  const diff = await heliox.trpc.prices.reprice.mutate({ from: '2026-03-01', to: '2026-03-01' })
  expect(diff).toMatchObject({ callCount: 1, beforeUsd: '0.006', afterUsd: '0.003' })
  await new Promise((closed) => server.close(closed))
})
