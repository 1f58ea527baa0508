import { expect, test } from 'vitest'
import { serverCheck } from './server-check.ts'

test('a field is told in the words that the server would answer', async () => {
  const check = await serverCheck(() => import('../../worker/teams/team-input.ts').then(({ NewTeam }) => NewTeam))
  expect(check({ name: ' ', description: '', budgetUsd: '-1' })).toEqual([
    'name: a team needs a name',
    'budget_usd: must not be below 0',
  ])
  expect(check({ name: 'Speech', description: '', budgetUsd: null })).toEqual([])
})

test('a check that does not come finds nothing: the server checks again', async () => {
  const check = await serverCheck(() => Promise.reject(new Error('no connection')))
  expect(check({ name: '' })).toEqual([])
})
