import { expect, test } from 'vitest'
import { rowsAsCsv } from './rows-as-csv.ts'

type Row = { name: string; cost: string }
const COLUMNS = [
  { id: 'cost', title: 'Cost, USD', width: 5, text: ({ cost }: Row) => cost },
  { id: 'name', title: 'Name', width: 5, text: ({ name }: Row) => name },
]

test('a file has the titles, and the columns in the order of the screen', () => {
  expect(rowsAsCsv(COLUMNS, [{ name: 'a "b"', cost: '0.000000001' }])).toBe(
    '"Cost, USD",Name\r\n0.000000001,"a ""b"""\r\n',
  )
})

test('what a spreadsheet would run is made harmless, a credit stays a number', () => {
  const rows = ['=1+1', '@x', "'=1", '-a'].map((name) => ({ name, cost: '-5.00' }))
  expect(rowsAsCsv(COLUMNS, rows).split('\r\n').slice(1, -1)).toEqual([
    "-5.00,'=1+1",
    "-5.00,'@x",
    "-5.00,''=1",
    "-5.00,'-a",
  ])
})
