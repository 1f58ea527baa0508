import { QueryClient, QueryObserver } from '@tanstack/query-core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { waitMs } from './backoff.ts'
import { newsIn } from './marks.ts'
import { createRefresh, isTouched } from './refresh.ts'

const marks = (ledger: string, imports = 'a', calls = 'a') => ({ ledger, imports, calls })

test('marks that are others are news, the first ones only if somebody saw them move', () => {
  expect(newsIn(null, { marks: marks('1'), isNews: false })).toBeNull()
  expect(newsIn(null, { marks: marks('1'), isNews: true })).toEqual({ ledger: true, imports: true, calls: true })
  expect(newsIn(marks('1'), { marks: marks('1'), isNews: true })).toBeNull()
  // After a break the first state says what was missed.
  expect(newsIn(marks('1'), { marks: marks('2'), isNews: false })).toEqual({
    ledger: true,
    imports: false,
    calls: false,
  })
  expect(newsIn(marks('1'), { marks: marks('1', 'b'), isNews: true })).toEqual({
    ledger: false,
    imports: true,
    calls: false,
  })
  expect(newsIn(marks('1'), { marks: marks('1', 'a', 'b'), isNews: true })).toMatchObject({
    ledger: false,
    calls: true,
  })
})

test('the wait before the next try doubles up to a minute, and browsers do not come back together', () => {
  expect([0, 1, 2, 5, 6, 1_000].map((failures) => waitMs(failures, 0))).toEqual([
    1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
  ])
  expect(waitMs(2, 1)).toBe(2_000)
})

test('the ledger touches figures and lists, an import and calls their own lists, and neither people, keys or who is here', () => {
  const ledger = { ledger: true, imports: false, calls: false }
  const imports = { ledger: false, imports: true, calls: false }
  const calls = { ledger: false, imports: false, calls: true }
  const touched = (news: typeof ledger) =>
    [
      'analytics.byTeam',
      'statements.get',
      'teams.list',
      'imports.list',
      'sources',
      'imports.formats',
      'auth.me',
      'keys.list',
      'requests.list',
    ].filter((name) => isTouched([name], news))
  expect(touched(ledger)).toEqual(['analytics.byTeam', 'statements.get', 'teams.list', 'imports.list', 'sources'])
  expect(touched(imports)).toEqual(['imports.list', 'sources'])
  expect(touched(calls)).toEqual(['requests.list'])
})

/** A page with one question, whose answer the test decides. */
function onePage() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  vi.stubGlobal('document', { querySelector: () => null, activeElement: null, body: null })
  vi.stubGlobal('HTMLElement', class {})
  const client = new QueryClient()
  const page = { asked: 0, answer: { sum: '1.00' }, isBusy: false, changes: 0 }
  const queryFn = async () => {
    page.asked += 1
    return { ...page.answer }
  }
  const leave = new QueryObserver(client, { queryKey: ['analytics.daily'], queryFn, staleTime: 5_000 }).subscribe(
    () => {},
  )
  const refresh = createRefresh(
    client as never,
    () => page.isBusy,
    () => {
      page.changes += 1
    },
  )
  onTestFinished(() => {
    refresh.stop()
    leave()
    client.clear()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  return { page, tell: () => refresh.tell({ ledger: true, imports: false, calls: false }) }
}

test('what is on screen is asked again at once, and only what became something else is said', async () => {
  const { page, tell } = onePage()
  await vi.advanceTimersByTimeAsync(10)
  expect(page.asked).toBe(1)
  tell()
  await vi.advanceTimersByTimeAsync(10)
  expect([page.asked, page.changes]).toEqual([2, 0])
  page.answer = { sum: '2.00' }
  tell()
  await vi.advanceTimersByTimeAsync(4_000)
  expect(page.asked).toBe(2) // a long import moves the ledger all the time
  tell()
  tell()
  await vi.advanceTimersByTimeAsync(2_000)
  expect([page.asked, page.changes]).toEqual([3, 1])
})

test('nothing is asked while the reader is busy, and at once when they are not', async () => {
  const { page, tell } = onePage()
  await vi.advanceTimersByTimeAsync(10)
  page.isBusy = true
  page.answer = { sum: '2.00' }
  tell()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(page.asked).toBe(1)
  page.isBusy = false
  await vi.advanceTimersByTimeAsync(600)
  expect([page.asked, page.changes]).toEqual([2, 1])
})
