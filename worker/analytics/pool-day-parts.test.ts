import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LEFT_OUT, planned, plansOf } from './pool-day-parts.ts'

test('parts are put in order and neighbours of one group added up, to the last digit however large', () => {
  const planOf = plansOf((key) => ({ order: Number(key), group: Number(key) < 3 ? 7 : LEFT_OUT }))
  expect(planOf('4,1,2')).toEqual({ groups: [7, LEFT_OUT], members: [[1, 2], [0]], isAsked: true })
  expect(planOf('4').isAsked).toBe(false)
  expect(planOf('4,1,2')).toBe(planOf('4,1,2'))
  expect(planned(planOf(''), '')).toEqual([])
  const amounts = fc.array(fc.bigInt(-(2n ** 62n), 2n ** 62n), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(amounts, fc.nat(62), (large, bits) => {
      const [four = 0n, one = 0n, two = 0n] = large.map((amount) => amount >> BigInt(bits))
      expect(planned(planOf('4,1,2'), [four, one, two].join())).toEqual([one + two, four])
    }),
  )
})
