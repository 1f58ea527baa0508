import { expect, test } from 'vitest'
import { startHeliox } from '../worker/testing.ts'
import { everyRow, fieldsAsCsv } from './every-row.ts'

test('a file of a list has every page of it once, and says how far it is', async () => {
  const all = Array.from({ length: 12_001 }, (_, at) => ({ at }))
  const heard: [number, number][] = []
  const ask = async (skip: number, limit: number) => ({ rows: all.slice(skip, skip + limit), total: all.length })
  expect(await everyRow(ask, (...progress) => heard.push(progress))).toEqual(all)
  expect(heard).toEqual([
    [5_000, 12_001],
    [10_000, 12_001],
    [12_001, 12_001],
  ])
  const gone = async (skip: number) => ({ rows: skip === 0 ? all.slice(0, 2) : [], total: 5 })
  expect(await everyRow(gone, () => undefined)).toHaveLength(2)
})

test('the file of bill lines and that of usage have the columns and values of the documented lists', async () => {
  const heliox = await startHeliox()
  const costs = `date,provider,gpu_type,cost_usd\n${Array.from({ length: 150 }, (_, at) => `2026-01-05,=aws-${at},h100,${at}.25\n`).join('')}`
  expect((await heliox.send('cost-csv', costs, '&file_name=a,%20b.csv')).result.inserted).toBe(150)
  await heliox.write('POST', '/api/v1/usage', {
    date: '2026-01-05',
    provider: 'aws',
    gpu_type: 'h100',
    gpu_hours: '24.5',
  })
  const csv = async (path: string) => (await heliox.fetch(path, { headers: { accept: 'text/csv' } })).text()
  const whole = await heliox.trpc.costs.list.query({ limit: 5_000 })
  const [, ...second] = (await csv('/api/v1/costs?limit=100&skip=100')).split('\r\n')
  expect(fieldsAsCsv(whole.costs)).toBe((await csv('/api/v1/costs?limit=100')) + second.join('\r\n'))
  const { usage } = await heliox.trpc.usage.list.query({ limit: 5_000 })
  expect(usage).toHaveLength(1)
  expect(fieldsAsCsv(usage)).toBe(await csv('/api/v1/usage'))
  expect((await heliox.fetch('/api/v1/costs?limit=101')).status).toBe(400)
})
