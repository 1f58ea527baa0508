import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import { readChoice } from './choice.ts'
import { explainAddress, explainRow, readExplained } from './explain-address.ts'

const days = { start: '2026-01-01' as Day, end: '2026-01-14' as Day }
const choice = {
  basis: 'usage',
  zone: 'UTC',
  filters: [
    { name: 'team_id', value: 'team_1' },
    { name: 'team_id', value: 'team_2' },
    { name: 'provider', value: 'aws' },
  ],
} as const
const paramsOf = (address = '') => {
  const all = new URLSearchParams(address.split('?')[1])
  return Object.fromEntries(
    [...new Set(all.keys())].map((name) => [
      name,
      all.getAll(name).length > 1 ? all.getAll(name) : (all.get(name) ?? ''),
    ]),
  )
}

test('an address is read back as it was written', () => {
  const at = { day: '2026-01-03', provider: 'aws', gpuType: 'h100' }
  const params = paramsOf(explainAddress(choice, days, { kind: 'idle', cost: 'billed', at, jobId: 'job_3' }))
  expect(readExplained(params)).toEqual({ kind: 'idle', cost: 'billed', at, jobId: 'job_3' })
  const { range, basis, filters } = readChoice(params)
  expect({ range, basis }).toEqual({ range: days, basis: 'usage' })
  expect(filters).toHaveLength(3)
})

test('a row narrows the question to itself, in place of other values of the same name', () => {
  const address = explainRow(choice, days, { kind: 'owner' }, { name: 'team_id', value: 'team_2' })
  expect(paramsOf(address)).toEqual({
    start: '2026-01-01',
    end: '2026-01-14',
    basis: 'usage',
    provider: 'aws',
    team_id: 'team_2',
  })
  expect(paramsOf(explainRow({ ...choice, filters: [] }, days, { kind: 'idle' }, null))).toEqual({
    start: '2026-01-01',
    end: '2026-01-14',
    basis: 'usage',
    kind: 'idle',
  })
})

test('what has no name, or does not add up, has no address', () => {
  expect(explainRow(choice, days, { kind: 'owner' }, { name: 'model_name', value: '' })).toBeUndefined()
  expect(
    explainRow({ ...choice, basis: 'exposure' }, days, { kind: 'owner' }, { name: 'provider', value: 'aws' }),
  ).toBeUndefined()
})

test('a mangled address is the figure as a whole', () => {
  expect(readExplained({ kind: 'nonsense', cost: 'free', day: 'x', job: 'job_x', pool_provider: 'aws' })).toEqual({
    kind: 'total',
    cost: 'effective',
    at: null,
    jobId: null,
  })
})

test('a relative range stays relative', () => {
  expect(explainAddress({ ...choice, filters: [] }, { preset: '30d' })).toBe('/explain?range=30d&basis=usage')
  expect(explainAddress({ basis: 'allocation', filters: [] }, { preset: '14d' })).toBe('/explain')
})
