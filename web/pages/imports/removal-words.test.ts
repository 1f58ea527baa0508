import { expect, test } from 'vitest'
import type { Answers } from '../../api.ts'
import type { ImportView } from './history-table.tsx'
import { removalWords } from './removal-words.ts'

type Bill = Answers['imports']['bills'][number]

const one = (change: Partial<ImportView>) =>
  ({ kind: 'jobs', isDryRun: false, inserted: 0, updated: 0, unchanged: 0, ...change }) as ImportView
const bill = (change: Partial<Bill>) =>
  ({
    ...{
      billId: 'bill_2',
      importId: 'imp_2',
      status: 'current',
      part: '',
      lineCount: 3,
      billedUsd: '7.50',
      isKept: true,
    },
    ...{ effectiveUsd: '7.50', billingAccount: 'A', billingPeriod: '2026-01-01', replaced: [], supersededBy: null },
    supersededByImport: null,
    ...change,
  }) as Bill

test('a restated bill gives its place back while the one before is kept', () => {
  const before = bill({ billId: 'bill_1', importId: 'imp_1', status: 'superseded', lineCount: 2, billedUsd: '3.00' })
  expect(removalWords(one({ kind: 'costs' }), [bill({ replaced: [before] })])).toEqual({
    goes: ['3 rows, $7.50, the bill of A for 2026-01'],
    back: ['2 rows, $3.00 of what it had replaced'],
    stays: [],
  })
  const gone = { ...before, isKept: false }
  expect(removalWords(one({ kind: 'costs' }), [bill({ replaced: [gone] })]).back[0]).toContain('kept for a week')
  expect(removalWords(one({ kind: 'costs' }), [bill({})]).back).toEqual(['nothing: it had replaced no bill'])
})

test('a bill that was replaced since takes nothing along', () => {
  const { goes, back, stays } = removalWords(one({ kind: 'costs' }), [bill({ status: 'superseded' })])
  expect([goes, back, stays.length]).toEqual([[], [], 1])
})

test('jobs go as far as nobody has changed them, and what they changed stays', () => {
  const { goes, stays } = removalWords(one({ inserted: 2, updated: 5, unchanged: 4 }), [])
  expect(goes).toEqual(['2 rows that it brought'])
  expect(stays[1]).toContain('1 row of other imports')
})

test('a dry run has nothing to take away', () => {
  expect(removalWords(one({ isDryRun: true, inserted: 3 }), []).goes).toEqual([])
})
