import { expect, test } from 'vitest'
import { moveByKey } from './move-by-key.ts'

const press = (key: string, held = {}) => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held },
})

test('keys go from row to row, by screens, and to both ends, and never beyond', () => {
  const from = (key: string, at: number) => moveByKey(press(key), at, 100, 10)
  expect([from('ArrowDown', 5), from('ArrowUp', 5), from('PageDown', 5), from('PageUp', 5)]).toEqual([6, 4, 15, 0])
  expect([from('Home', 5), from('End', 5), from('ArrowDown', 99), from('ArrowUp', 0)]).toEqual([0, 99, 99, 0])
})

test('other keys, and keys that the browser needs, stay its own', () => {
  expect(moveByKey(press('a'), 5, 100, 10)).toBeNull()
  expect(moveByKey(press('End', { ctrlKey: true }), 5, 100, 10)).toBeNull()
  expect(moveByKey(press('ArrowDown'), 0, 0, 10)).toBeNull()
})
