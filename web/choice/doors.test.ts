import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import { addressOf, explainFigure, jobsOf } from './doors.ts'

const days = { start: '2026-01-01' as Day, end: '2026-01-14' as Day }
const asked = { basis: 'usage', zone: 'UTC', filters: [{ name: 'provider', value: 'aws' }] } as const
const team = { name: 'team_id', value: 'team_2' } as const
const pool = { name: 'gpu_type', value: 'h100' } as const

test('a figure of two names is explained by both and by the filters that are on', () => {
  expect(explainFigure(asked, days, 'owner', [team, pool])).toBe(
    '/explain?start=2026-01-01&end=2026-01-14&basis=usage&provider=aws&gpu_type=h100&team_id=team_2',
  )
  // The row's own provider stands for the ones that were asked for.
  expect(explainFigure(asked, days, 'owner', [{ name: 'provider', value: 'gcp' }])).toContain('&provider=gcp')
  expect(explainFigure(asked, days, 'idle', [pool])).toContain('&gpu_type=h100&kind=idle')
})

test('billed and list cost are explained as such, and a relative range stays relative', () => {
  expect(explainFigure(asked, { preset: '30d' }, 'owner', [team], 'billed')).toBe(
    '/explain?range=30d&basis=usage&provider=aws&team_id=team_2&cost=billed',
  )
})

test('what no pool-day knows is not explained', () => {
  expect(explainFigure({ ...asked, basis: 'exposure' }, days, 'total')).toBeUndefined()
  expect(explainFigure({ ...asked, zone: 'Europe/Berlin' }, days, 'total')).toBeUndefined()
  expect(explainFigure(asked, days, 'other', [])).toBeUndefined()
  expect(explainFigure(asked, days, 'owner', [null])).toBeUndefined()
  expect(explainFigure(asked, days, 'owner', [{ name: 'model_name', value: '' }])).toBeUndefined()
  expect(explainFigure(asked, days, 'owner', [{ name: 'account', value: '1' }])).toBeUndefined()
  expect(explainFigure({ ...asked, filters: [team] }, days, 'idle')).toBeUndefined()
})

test('jobs are narrowed by what jobs know, and a relative range stays relative', () => {
  expect(jobsOf({ preset: '30d' }, [team, { name: 'sku', value: 'x' }])).toBe('/jobs?range=30d&team_id=team_2')
  expect(jobsOf({ preset: '14d' }, [])).toBe('/jobs')
  expect(addressOf('/explore', { range: days, filters: [team] }, { by: 'model' })).toBe(
    '/explore?start=2026-01-01&end=2026-01-14&team_id=team_2&by=model',
  )
})
