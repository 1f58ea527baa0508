import { expect, test } from 'vitest'
import { Palette, SLOTS } from './palette.ts'

const owner = (name: string) => ({ name, kind: 'owner' as const })

test('a name keeps its colour whatever stands beside it', () => {
  const [one, other] = [new Palette(), new Palette()]
  other.learn(['vision'])
  expect(one.colourOf(owner('vision'))).toBe(other.colourOf(owner('vision')))
  const first = one.colourOf(owner('vision'))
  one.learn(['a', 'b', 'c', 'd'])
  expect(one.colourOf(owner('vision'))).toBe(first)
})

test('as many names as there are colours are all told apart', () => {
  const palette = new Palette()
  const names = Array.from({ length: SLOTS }, (_, index) => `team ${index}`)
  palette.learn(names)
  expect(new Set(names.map((name) => palette.colourOf(owner(name)))).size).toBe(SLOTS)
  expect(palette.colourOf(owner('one too many'))).toMatch(/^series-\d+$/)
})

test('remainders are neutral', () => {
  const palette = new Palette()
  expect(palette.colourOf({ name: '__idle__', kind: 'idle' })).toBe('idle')
  expect(palette.colourOf({ name: '__unallocated__', kind: 'unallocated' })).toBe('unallocated')
})
