import { expect, test } from 'vitest'
import { Breakers } from './breakers.ts'

const ID = 'bknd_1'
const ended = (isWell: boolean, ms = 100) =>
  ({ backend: ID, isWell, ms, message: isWell ? '' : 'out of memory' }) as const
const probed = (isWell: boolean) => ({ ...ended(isWell, 3), isProbe: true }) as const

function broken(): Breakers {
  const breakers = new Breakers()
  for (let at = 0; at < 5; at += 1) breakers.saw(ended(false), 0)
  return breakers
}
const breakerOf = (breakers: Breakers, nowMs: number) => breakers.standings(nowMs)[0]?.breaker

test('five failures one after the other open the breaker; a success between begins the count anew', () => {
  const breakers = new Breakers()
  for (let at = 0; at < 4; at += 1) breakers.saw(ended(false), 0)
  breakers.saw(ended(true), 0)
  for (let at = 0; at < 4; at += 1) breakers.saw(ended(false), 0)
  expect(breakers.isOpen(ID, 0)).toBe(false)
  breakers.saw(ended(false), 0)
  expect([breakers.isOpen(ID, 0), breakers.isOpen(ID, 9_999)]).toEqual([true, true])
  expect(breakers.standings(0)).toMatchObject([
    { backend: ID, breaker: 'open', failures: 5, openUntilMs: 10_000, lastError: 'out of memory' },
  ])
})

test('half-open, one call is let through and no other until it has ended', () => {
  const breakers = broken()
  expect([breakers.isOpen(ID, 10_000), breakerOf(breakers, 10_000)]).toEqual([false, 'half-open'])
  breakers.start(ID, 'again', 10_000)
  expect(breakers.isOpen(ID, 10_000)).toBe(true)
  breakers.saw(ended(true), 10_100)
  breakers.end(ID, 'again')
  expect([breakers.isOpen(ID, 10_100), breakerOf(breakers, 10_100)]).toEqual([false, 'closed'])
})

test('a try that fails keeps it open for twice as long, up to a minute, and a success begins anew', () => {
  const breakers = broken()
  let nowMs = 10_000
  for (const ms of [20_000, 40_000, 60_000, 60_000]) {
    breakers.start(ID, 'again', nowMs)
    breakers.saw(ended(false), nowMs)
    breakers.end(ID, 'again')
    expect([breakers.isOpen(ID, nowMs + ms - 1), breakers.isOpen(ID, nowMs + ms)]).toEqual([true, false])
    nowMs += ms
  }
  breakers.saw(ended(true), nowMs)
  for (let at = 0; at < 5; at += 1) breakers.saw(ended(false), nowMs)
  expect(breakers.isOpen(ID, nowMs + 10_000)).toBe(false)
})

test('a call from before that ends late, while one tries it again, lets no second one through', () => {
  const breakers = new Breakers()
  for (let at = 0; at < 6; at += 1) breakers.start(ID, `call ${at}`, 0)
  for (let at = 0; at < 5; at += 1) {
    breakers.saw(ended(false), 0)
    breakers.end(ID, `call ${at}`)
  }
  breakers.start(ID, 'again', 10_000) // the one that tries it, while the sixth is still under way
  breakers.end(ID, 'call 5')
  expect(breakers.isOpen(ID, 10_001)).toBe(true)
  breakers.saw(ended(true), 10_200)
  breakers.end(ID, 'again')
  expect(breakers.isOpen(ID, 10_200)).toBe(false)
})

test('a call that nobody ends does not keep the backend switched off for ever', () => {
  const breakers = broken()
  breakers.start(ID, 'again', 10_000)
  expect(breakers.isOpen(ID, 10_000 + 59_999)).toBe(true)
  expect(breakers.isOpen(ID, 10_000 + 60_000)).toBe(false)
})

test('a probe that goes well lets the next call try at once, and says nothing of how quick calls are', () => {
  const breakers = broken()
  breakers.saw(probed(true), 2_000)
  expect([breakers.isOpen(ID, 2_000), breakerOf(breakers, 2_000), breakers.latencyMs(ID)]).toEqual([
    false,
    'half-open',
    null,
  ])
  breakers.saw(ended(true, 250), 2_100)
  breakers.saw(probed(true), 2_200)
  expect([breakerOf(breakers, 2_200), breakers.latencyMs(ID)]).toEqual(['closed', 250])
})

test('probes that fail open it as calls do', () => {
  const breakers = new Breakers()
  for (let at = 0; at < 5; at += 1) breakers.saw(probed(false), 0)
  expect(breakerOf(breakers, 0)).toBe('open')
})
