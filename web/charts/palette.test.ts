import { expect, test } from 'vitest'
import { HUES, Palette, paletteOf, SLOTS } from './palette.ts'

const owner = (name: string) => ({ name, kind: 'owner' as const })
const many = (count: number) => Array.from({ length: count }, (_, index) => `team ${index}`)

test('the order of an answer changes no colour', () => {
  const names = many(SLOTS)
  const [one, other] = [new Palette(), new Palette()]
  one.learn(names)
  other.learn([...names].reverse())
  for (const name of names) expect(one.colourOf(owner(name))).toBe(other.colourOf(owner(name)))
})

test('a name keeps its colour whatever is drawn beside it later, and has it before anything is learned', () => {
  const [one, fresh] = [new Palette(), new Palette()]
  one.learn(['vision'])
  const first = one.colourOf(owner('vision'))
  expect(fresh.colourOf(owner('vision'))).toBe(first)
  one.learn(many(SLOTS))
  one.learn(['vision', ...many(8)])
  expect(one.colourOf(owner('vision'))).toBe(first)
})

test('as many names as there are colours are all told apart, and one more still has a colour', () => {
  const palette = new Palette()
  const names = many(SLOTS)
  palette.learn(names)
  expect(new Set(names.map((name) => palette.colourOf(owner(name)))).size).toBe(SLOTS)
  palette.learn([...names, 'one too many'])
  expect(palette.colourOf(owner('one too many'))).toMatch(/^series-\d+(-strong)?$/)
})

test('a team has the colour of its id, whoever stands beside it and whatever it is called', () => {
  const [one, other] = [new Palette('team'), new Palette('team')]
  const all = Array.from({ length: SLOTS }, (_, at) => ({ name: `name ${at}`, teamId: `team_${at + 1}` }))
  one.learnTeams(all)
  one.learn(all.map(({ name }) => name))
  other.learnTeams([{ name: 'renamed', teamId: 'team_7' }])
  expect(other.colourOf(owner('renamed'))).toBe(one.colourOf(owner('name 6')))
  expect(new Set(all.map(({ name }) => one.colourOf(owner(name)))).size).toBe(SLOTS)
})

test('two names that meet are moved to another hue while there is one', () => {
  const palette = new Palette()
  const alone = (name: string) => new Palette().colourOf(owner(name))
  const names = many(200)
  const first = names[0]!
  const second = names.slice(1).find((name) => alone(name) === alone(first))!
  palette.learn([first, second])
  const hues = [first, second].map((name) => palette.colourOf(owner(name)).replace('-strong', ''))
  expect(hues[0]).not.toBe(hues[1])
})

test('well-known providers and GPU types differ from each other, however they are written', () => {
  const providers = ['aws', 'gcp', 'azure', 'coreweave', 'lambda', 'oracle', 'nebius', 'crusoe', 'runpod', 'openai']
  const gpus = ['h100', 'a100', 'h200', 'b200', 'l40s', 'l4', 't4', 'v100', 'mi300x', 'gb200', 'a10g', 'a10']
  for (const [dimension, names] of [['provider', providers] as const, ['gpu_type', gpus] as const]) {
    const colours = names.map((name) => paletteOf(dimension).colourOf(owner(name)))
    expect(new Set(colours).size).toBe(names.length)
    expect(colours.every((colour) => !colour.endsWith('-strong'))).toBe(true)
  }
  expect(paletteOf('provider').colourOf(owner('AWS'))).toBe(paletteOf('provider').colourOf(owner('aws')))
  expect(gpus).toHaveLength(HUES)
})

test('every page has the same palette of a dimension', () => {
  expect(paletteOf('team')).toBe(paletteOf('team'))
  expect(paletteOf('team')).not.toBe(paletteOf('model'))
})

test('remainders are neutral', () => {
  const palette = new Palette()
  expect(palette.colourOf({ name: '__idle__', kind: 'idle' })).toBe('idle')
  expect(palette.colourOf({ name: '__unallocated__', kind: 'unallocated' })).toBe('unallocated')
})
