import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GatheredText } from './gathered-text.ts'
import { Patience } from './patience.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function gathered() {
  const sent: string[] = []
  return { sent, text: new GatheredText((piece) => sent.push(piece)) }
}

test('pieces that come one at a time are sent as they come', () => {
  const { sent, text } = gathered()
  for (const piece of ['a', 'b', 'c']) {
    expect(text.add(piece)).toBe(true)
    vi.advanceTimersByTime(20)
  }
  expect(sent).toEqual(['a', 'b', 'c'])
})

test('the first of a burst is sent at once, what is behind it together and at most five milliseconds later', () => {
  const { sent, text } = gathered()
  for (const piece of ['a', 'b', 'c', 'd']) {
    text.add(piece)
    vi.advanceTimersByTime(1)
  }
  expect(sent).toEqual(['a'])
  vi.advanceTimersByTime(2)
  expect(sent).toEqual(['a', 'bcd'])
  vi.advanceTimersByTime(1_000)
  expect(sent).toEqual(['a', 'bcd'])
})

test('no more than 16 thousand letters are held, and what is taken is not sent', () => {
  const { sent, text } = gathered()
  text.add('a')
  expect(text.add('b'.repeat(16_000))).toBe(false)
  expect(text.add('c'.repeat(1_000))).toBe(true)
  expect(sent.map(({ length }) => length)).toEqual([1, 17_000])
  text.add('d')
  expect(text.take()).toBe('d')
  vi.advanceTimersByTime(1_000)
  expect(sent).toHaveLength(2)
})

test('patience ends so long after the last wait began, and not while nobody waits', () => {
  const told: number[] = []
  const patience = new Patience(100)
  const wait = () => patience.begin(() => told.push(Date.now()))
  wait()
  vi.advanceTimersByTime(90)
  patience.pause()
  vi.advanceTimersByTime(500)
  wait()
  vi.advanceTimersByTime(50)
  wait()
  vi.advanceTimersByTime(99)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual([1_740])
  wait()
  patience.end()
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual([1_740])
})
