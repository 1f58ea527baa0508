import { expect, test } from 'vitest'
import type { Day, EpochMs } from '../../../db/units/time.ts'
import { fetchOutside } from '../fetch-outside.ts'
import { startServer } from '../testing.ts'
import type { Pull } from './kind.ts'
import { opencost } from './opencost.ts'

async function pulled(config: object, secrets: object = {}, state: object = {}) {
  const pull: Pull<unknown, unknown, object> = {
    ...{ config: opencost.config.parse(config), secrets, state, provider: '', now: 0 as EpochMs },
    ...{ yesterday: '2026-01-05' as Day, fetch: (request) => fetchOutside({ allowPrivateSources: true }, request) },
  }
  const found: { fileName: string; part: string; text: string; remembered: object | null }[] = []
  for await (const { fileName, part, open, remember } of opencost.pull(pull as never)) {
    const body = await open()
    const text = 'bytes' in body ? await new Response(body.bytes).text() : ''
    found.push({ fileName, part, text, remembered: remember?.() ?? null })
  }
  return found
}

test('each day is asked for by itself, the last ones again, with the windows and the token that OpenCost wants', async () => {
  const asked: [string, string | undefined][] = []
  const url = await startServer((request, response) => {
    asked.push([request.url ?? '', request.headers.authorization])
    response.end(JSON.stringify({ code: 200, data: [{}] }))
  })
  const found = await pulled({ url: `${url}/opencost/`, days: 2 }, { headers: 'Authorization: Bearer abc' })
  expect(found.map(({ fileName, part, remembered }) => [fileName, part, remembered])).toEqual([
    ['opencost-2026-01-04.json', '2026-01-04', { throughDay: '2026-01-04' }],
    ['opencost-2026-01-05.json', '2026-01-05', { throughDay: '2026-01-05' }],
  ])
  expect(found[0]?.text).toBe('{"code":200,"data":[{}]}')
  const { pathname, searchParams } = new URL(asked[0]?.[0] ?? '', url)
  expect([pathname, asked[0]?.[1]]).toEqual(['/opencost/allocation/compute', 'Bearer abc'])
  expect(Object.fromEntries(searchParams)).toMatchObject({
    ...{ window: '2026-01-04T00:00:00Z,2026-01-05T00:00:00Z', aggregate: 'cluster,namespace,pod', step: '1d' },
    ...{ accumulate: 'false', includeIdle: 'true' },
  })
})

test('days since the last that was had are caught up, a month at most', async () => {
  const url = await startServer((_request, response) => response.end('{}'))
  const days = async (throughDay: string) =>
    (await pulled({ url, days: 1 }, {}, { throughDay })).map(({ part }) => part)
  expect(await days('2026-01-02')).toEqual(['2026-01-03', '2026-01-04', '2026-01-05'])
  expect(await days('2026-01-05')).toEqual(['2026-01-05'])
  const many = await days('2025-01-01')
  expect([many.length, many[0]]).toEqual([31, '2025-12-06'])
})
