import { expect, test } from 'vitest'
import { readPart } from './part.ts'

test('a part tells its name and the import whose rows were read again', () => {
  expect(readPart('')).toEqual({ name: '', importId: null })
  expect(readPart('eu-west')).toEqual({ name: 'eu-west', importId: null })
  expect(readPart('+imp_3')).toEqual({ name: '', importId: 'imp_3' })
  expect(readPart('eu-west+imp_3+imp_7')).toEqual({ name: 'eu-west', importId: 'imp_7' })
})
