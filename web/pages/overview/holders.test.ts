import { expect, test } from 'vitest'
import { holdersOf } from './holders.ts'

const vision = { name: 'vision', jobCount: 1 }
const nlp = { name: 'nlp', jobCount: 761 }
const serving = { name: '__serving__', jobCount: 1 }

test('jobs are counted, and the teams that they are of', () => {
  expect(holdersOf([vision, nlp])).toBe('762 jobs of 2 teams')
  expect(holdersOf([vision])).toBe('1 job of 1 team')
  expect(holdersOf([])).toBe('0 jobs of 0 teams')
})

test('a deployment is no job, and its owner no team', () => {
  expect(holdersOf([vision, serving, nlp])).toBe('762 jobs of 2 teams, and deployments')
  expect(holdersOf([serving])).toBe('Deployments')
})
