import { expect, test } from 'vitest'
import { conditionOf, ownerWords, readRuleForm } from './rule-words.ts'

const team = (teamId: `team_${number}`, name: string | null, weight: string | null = null) => ({ teamId, name, weight })

test('a rule is read in words', () => {
  expect(conditionOf({ field: 'tag', tagKey: 'team', pattern: 'w*' })).toBe('tag team: w*')
  expect(conditionOf({ field: 'job_name', tagKey: '', pattern: 'w*' })).toBe('job name w*')
  expect(ownerWords({ kind: 'team', teams: [team('team_1', null)] })).toBe('team_1 (gone)')
  expect(ownerWords({ kind: 'even', teams: [] })).toBe('all teams equally')
  expect(ownerWords({ kind: 'weighted', teams: [team('team_1', 'a', '2'), team('team_2', 'b', '1')] })).toBe(
    '2 teams by weight: a 2, b 1',
  )
})

test('a form says one team for jobs whatever was chosen before, and leaves out teams without a weight', () => {
  const form = new FormData()
  for (const [name, value] of Object.entries({ field: 'user', pattern: ' ann ', kind: 'even', team: 'team_2' }))
    form.set(name, value)
  expect(readRuleForm(form)).toMatchObject({ pattern: 'ann', owner: { kind: 'team', teams: [{ teamId: 'team_2' }] } })
  form.set('field', 'account')
  form.set('kind', 'weighted')
  form.set('weight team_1', '2')
  form.set('weight team_3', '')
  expect(readRuleForm(form).owner).toEqual({ kind: 'weighted', teams: [{ teamId: 'team_1', weight: '2' }] })
})
