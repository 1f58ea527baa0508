import { expect, test } from 'vitest'
import { CODECS } from './parquet-codecs.ts'

const unpacked = (bytes: number[], length: number) =>
  new TextDecoder().decode(CODECS.SNAPPY?.(new Uint8Array(bytes), length) as Uint8Array)

test('a Snappy page is unpacked: a literal, and copies of what stands before them', () => {
  // Length 10; literal "abcd"; copy of 4 from 4 back (1-byte offset); copy of 2 from 2 back (2-byte offset).
  expect(unpacked([10, 3 << 2, 97, 98, 99, 100, 1, 4, (1 << 2) | 2, 2, 0], 10)).toBe('abcdabcdcd')
})

test.each([
  ['a literal of more than two GiB', [5, 63 << 2, 0xf0, 0xff, 0xff, 0xff, 97, 98, 99]],
  ['a literal that ends behind the page', [5, 4 << 2, 97, 98]],
  ['more than the header says', [5, 5 << 2, 97, 98, 99, 100, 101, 102]],
])('%s is refused before it is unpacked', (_what, bytes) => {
  expect(() => unpacked(bytes, 5)).toThrow('a Snappy page is not as long as it should be')
})
