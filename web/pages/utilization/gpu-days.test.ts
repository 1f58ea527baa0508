import { expect, test } from 'vitest'
import { gpuDays } from './gpu-days.ts'

const point = (
  capacity: `${number}` | null,
  held: `${number}`,
  busy: `${number}` | null,
  measured: `${number}` | null,
) => ({
  ...{ capacityGpuHours: capacity, heldGpuHours: held, busyGpuHours: busy, measuredGpuHours: measured },
  isEstimated: false,
})

test('the parts of a day sum to its capacity, over pools as for one; more busy than held is cut for drawing alone', () => {
  const [one, other] = [{ points: [point('48', '12', '9', '10')] }, { points: [point('8', '4', '5', '4')] }]
  const parts = { busyHeld: 9, idleHeld: 1, notMeasured: 2, unheld: 36 }
  expect(gpuDays([one], 1)).toEqual([{ capacity: 48, isEstimated: false, held: 12, busy: 9, ...parts }])
  const [both] = gpuDays([one, other], 1)
  expect(both).toMatchObject({ capacity: 56, held: 16, busy: 14, busyHeld: 13 })
  expect(both!.busyHeld + both!.idleHeld + both!.notMeasured + both!.unheld).toBe(56)
})

test('what is not known stays unknown, and more held than capacity leaves nothing that nobody held', () => {
  const [day] = gpuDays([{ points: [point(null, '3', null, null)] }], 1)
  expect(day).toMatchObject({ capacity: null, busy: null, held: 3, notMeasured: 3, unheld: 0 })
  expect(gpuDays([{ points: [point('2', '3', null, null)] }], 1)).toMatchObject([{ capacity: 2, unheld: 0 }])
  expect(gpuDays([], 1)).toMatchObject([{ capacity: null, held: 0, busy: null }])
})
