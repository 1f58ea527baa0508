import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HranaError } from './hrana-error.ts'
import { WriteQueue } from './write-queue.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A queue whose lock is held, and who got it since, in order. */
function heldQueue() {
  const queue = new WriteQueue(5_000)
  const holder = {}
  void queue.acquire(holder)
  const admitted: string[] = []
  const owners = new Map<string, object>()
  const wait = (name: string, expectedMs: number) => {
    const owner = {}
    owners.set(name, owner)
    return queue.acquire(owner, expectedMs).then(
      () => admitted.push(name),
      (error: unknown) => admitted.push(`${name}: ${(error as HranaError).code}`),
    )
  }
  const release = async (name?: string) => {
    queue.release(name === undefined ? holder : (owners.get(name) ?? {}), true)
    await vi.advanceTimersByTimeAsync(0)
  }
  return { queue, wait, release, admitted }
}

test('equals are served as they come, a short writer goes before the long ones that wait', async () => {
  const { wait, release, admitted } = heldQueue()
  const all = [wait('chunk 1', 1_000), wait('chunk 2', 1_000), wait('click 1', 2), wait('click 2', 2)]
  await release()
  for (const name of ['click 1', 'click 2', 'chunk 1']) await release(name)
  await Promise.all(all)
  expect(admitted).toEqual(['click 1', 'click 2', 'chunk 1', 'chunk 2'])
})

test('a long writer lets short ones pass for a while and then goes before those that come after', async () => {
  const { wait, release, admitted } = heldQueue()
  void wait('chunk', 1_000)
  await vi.advanceTimersByTimeAsync(14_000) // it yields 15 ms for each of its 1,000
  void wait('early click', 0)
  await vi.advanceTimersByTimeAsync(2_000)
  void wait('late click', 0)
  await release()
  await release('early click')
  await release('chunk')
  expect(admitted).toEqual(['early click', 'chunk', 'late click'])
})

test('a short writer is refused after the wait that was set, a long one after four times as long', async () => {
  const { queue, wait, admitted } = heldQueue()
  void wait('chunk', 1_000)
  void wait('click', 2)
  await vi.advanceTimersByTimeAsync(4_999)
  expect(admitted).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(admitted).toEqual(['click: SQLITE_BUSY'])
  await vi.advanceTimersByTimeAsync(15_000)
  expect(admitted).toEqual(['click: SQLITE_BUSY', 'chunk: SQLITE_BUSY'])
  expect(queue.waiting).toBe(0)
})

test('who leaves the queue is told why, and who holds the lock holds it at once again', async () => {
  const queue = new WriteQueue(5_000)
  const [holder, other] = [{}, {}]
  await queue.acquire(holder)
  await queue.acquire(holder)
  const waiting = queue.acquire(other)
  queue.forget(other, new HranaError('STREAM_EXPIRED', 'gone'))
  await expect(waiting).rejects.toMatchObject({ code: 'STREAM_EXPIRED' })
  expect([queue.isHeldBy(holder), queue.waiting]).toEqual([true, 0])
})
