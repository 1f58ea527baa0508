import { expect, test } from 'vitest'
import { entriesFor } from './palette-entries.ts'
import { PLACES } from './places.ts'

const NOTHING = { teams: [], models: [], jobs: [], savedViews: [] }
const known = { role: 'admin' as const, views: [], actions: [], found: NOTHING }
const namesOf = (typed: string, more: Partial<Parameters<typeof entriesFor>[1]> = {}) =>
  entriesFor(typed, { ...known, ...more }).flatMap(({ title, entries }) =>
    entries.map(({ name }) => `${title}: ${name}`),
  )

test('without a word every page that the role may open is there, and no empty group', () => {
  expect(namesOf('')).toHaveLength(PLACES.length)
  const viewer = namesOf('', { role: 'viewer' })
  expect(viewer).toContain('Pages: Jobs')
  expect(viewer).not.toContain('Pages: People')
})

test('a page is found by its name before those that are found by other words', () => {
  expect(namesOf('key')[0]).toBe('Pages: Keys')
  expect(namesOf('budg')).toEqual(['Pages: Budgets', 'Pages: Forecast', 'Pages: Teams'])
  expect(namesOf('log who')).toEqual(['Pages: Audit'])
  expect(namesOf('ploy')).toEqual([])
  expect(namesOf('sation')).toEqual(['Pages: Utilisation'])
})

test('what the server found leads to its costs, a job to its page', () => {
  const found = {
    ...NOTHING,
    teams: [{ id: 'team_3' as const, name: 'R&D' }],
    models: [{ name: 'a b' }],
    jobs: [
      {
        ...{ id: 'job_9' as const, jobId: 'train-9', jobName: '', teamName: 'R&D', modelName: 'a b' },
        status: 'failed' as const,
      },
    ],
  }
  const entries = entriesFor('zz', { ...known, found }).flatMap((group) => group.entries)
  expect(entries.map(({ hint, target }) => [hint, target])).toEqual([
    ['costs', { href: '/?team_id=team_3' }],
    ['costs', { href: '/?model_name=a+b' }],
    ['R&D · a b · failed', { href: '/jobs/job_9' }],
  ])
  expect(entriesFor('', { ...known, found }).map(({ title }) => title)).toEqual(['Pages'])
})

test('kept views and actions are found among the pages', () => {
  const view = {
    id: 'view_1' as const,
    name: 'Idle GPUs',
    address: '/utilization?range=7d',
    isShared: true,
    isMine: false,
  }
  const views = [{ ...view, createdAt: '', changedAt: '' }]
  const actions = [{ name: 'Switch to the dark theme', words: 'light', run: () => {} }]
  expect(namesOf('idle', { views })).toContain('Saved views: Idle GPUs')
  // The server finds those beyond the first hundred, and those again.
  const savedViews = [view, { id: 'view_2' as const, name: 'Idle of 2024', address: '/' }]
  expect(namesOf('idle', { views, found: { ...NOTHING, savedViews } })).toEqual(
    expect.arrayContaining(['Saved views: Idle GPUs', 'Saved views: Idle of 2024']),
  )
  expect(namesOf('theme', { actions })).toEqual(['Actions: Switch to the dark theme'])
})

test('where somebody asks for the kept views they come before the pages', () => {
  const view = { id: 'view_1' as const, name: 'Idle', address: '/utilization', isShared: false, isMine: true }
  const views = [{ ...view, createdAt: '2026-01-01T00:00:00Z', changedAt: '2026-01-01T00:00:00Z' }]
  expect(namesOf('', { views, viewsFirst: true })[0]).toBe('Saved views: Idle')
  expect(namesOf('', { views })[0]).toMatch(/^Pages: /)
})
