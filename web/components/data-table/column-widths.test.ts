import { expect, test } from 'vitest'
import { columnWidths } from './column-widths.ts'

const ID = { width: 10, grows: true }
const TEAM = { width: 8, grows: true }
const COST = { width: 7 }

test('without room for all, columns keep their own width, and the table is scrolled', () => {
  expect(columnWidths([ID, COST, TEAM], [30, 20, 30], 25)).toEqual([10, 7, 8])
  expect(columnWidths([ID, COST, TEAM], [30, 20, 30], 12)).toEqual([10, 7, 8])
})

test('a column of short texts leaves its room to longer ones', () => {
  expect(columnWidths([ID, COST, TEAM], [30, 2, 5], 25)).toEqual([13, 7, 5])
})

test('room goes to the texts that need it, then to all columns of text, and none is left', () => {
  // The id misses four. Of the ten that are over, the other six are halved.
  expect(columnWidths([ID, COST, TEAM], [14, 99, 8], 35)).toEqual([17, 7, 11])
})

test('texts that need more than there is share it by what they miss', () => {
  // The id misses 8, the team 4; six are there.
  expect(columnWidths([ID, COST, TEAM], [18, 5, 12], 31)).toEqual([14, 7, 10])
})

test('one endless text does not take all of a wide screen', () => {
  expect(columnWidths([ID, COST, TEAM], [2000, 5, 8], 85)).toEqual([53, 7, 25])
})

test('before a row is here, and where no column grows, there are widths as well', () => {
  expect(columnWidths([ID, COST, TEAM], [0, 0, 0], 25)).toEqual([10, 7, 8])
  expect(columnWidths([{ width: 4 }, { width: 6 }], [9, 9], 20)).toEqual([8, 12])
})
