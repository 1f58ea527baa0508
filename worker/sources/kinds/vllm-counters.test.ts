import { expect, test } from 'vitest'
import type { Day, EpochMs } from '../../../db/units/time.ts'
import { startHeliox } from '../../testing.ts'
import { fetchOutside } from '../fetch-outside.ts'
import { startServer } from '../testing.ts'
import type { Pull } from './kind.ts'
import { prometheus } from './prometheus.ts'
import { countersCsv, grownByHour } from './vllm-counters.ts'

const DAY = '2026-01-05' as Day
const START = Date.parse(`${DAY}T00:00:00Z`) / 1000

test('a counter that was reset has counted from 0 since, and says that it was', () => {
  const samples = [100, 150, 20, 60].map((value, at) => [START + at * 60, value] as const)
  const [[hour, sums] = []] = grownByHour(samples, DAY)
  expect([hour, sums]).toEqual([START * 1000, { grown: 110, resets: 1 }])
})

test('growth belongs to the hour of the later sample; other days only give the value to start from', () => {
  const at = (hour: number, value: number) => [START + hour * 3600, value] as const
  const hours = grownByHour([at(-0.1, 40), at(0.5, 100), at(1.5, 101), at(23.9, 201), at(24.1, 900)], DAY)
  expect([...hours.values()].map(({ grown }) => grown)).toEqual([60, 1, 100])
})

test('replicas of a model are added up, and hours without a token have no row', () => {
  const samples = (...values: number[]) => values.map((value, n) => [START + n * 3600, value] as const)
  const csv = countersCsv(DAY, 'own', [
    { model: 'a,b', kind: 'prompt', samples: samples(0, 10, 10) },
    { model: 'a,b', kind: 'prompt', samples: samples(5, 7, 7) },
    { model: 'a,b', kind: 'completion', samples: samples(5, 3, 3) },
  ])
  expect(csv.split('\n').slice(1)).toEqual([
    '"a,b 2026-01-05T01:00:00.000Z",2026-01-05T01:00:00.000Z,own,"a,b",counter reset,12,3',
    '',
  ])
})

test('a Prometheus that scrapes vLLM is read, and its tokens are in no sum beside those of the gateway', async () => {
  const matrix = (values: number[]) => ({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [{ metric: { model_name: 'llama' }, values: values.map((value, n) => [START + n * 60, String(value)]) }],
    },
  })
  const asked: string[] = []
  const url = await startServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? ''
    asked.push(query)
    response.end(JSON.stringify(matrix(query.includes('prompt') ? [100, 150, 20, 60] : [0, 5])))
  })
  const pull: Pull<unknown, unknown, object> = {
    ...{ config: prometheus.config.parse({ url, reads: 'vllm', days: 1 }), secrets: {}, state: {}, provider: 'own' },
    ...{ yesterday: DAY, now: 0 as EpochMs },
    fetch: (request) => fetchOutside({ allowPrivateSources: true }, request),
  }
  const heliox = await startHeliox()
  for await (const { open, format, source } of prometheus.pull(pull as never)) {
    const body = await open()
    const text = 'text' in body ? body.text : ''
    expect((await heliox.send(format ?? '', text, `&source=${source}`)).result).toMatchObject({ inserted: 1 })
  }
  expect(asked).toEqual(['vllm:prompt_tokens_total[90000s]', 'vllm:generation_tokens_total[90000s]'])
  const of = async (source?: string) =>
    (await heliox.trpc.tokenUsage.total.query(source ? { source } : {})).total.totalTokens
  expect([await of('vllm'), await of()]).toEqual([115, null])
})
