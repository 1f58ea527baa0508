import { expect, test } from 'vitest'
import { readView, sortedBy, writeView } from './table-view.ts'

const COLUMNS = [{ id: 'job' }, { id: 'team' }, { id: 'note', isUnsorted: true }, { id: 'user', isExtra: true }]
const USUAL = { sort: 'job', isDescending: true }
const read = (params: Record<string, string>) => readView(params, COLUMNS, USUAL)

test('an address without a view is the usual one', () => {
  expect(read({})).toEqual({ ...USUAL, columns: ['job', 'team', 'note'] })
  expect(writeView(read({}), COLUMNS, USUAL)).toEqual({ sort: null, order: null, columns: null })
})

test('what an address names wrongly is left out, and the first column stays', () => {
  expect(read({ sort: 'note', order: 'up', columns: 'user,x' })).toEqual({ ...USUAL, columns: ['job', 'user'] })
  expect(read({ columns: 'x,y' }).columns).toEqual(['job', 'team', 'note'])
})

test('a view that is written is read again', () => {
  const view = { sort: 'team', isDescending: false, columns: ['job', 'note', 'user'] }
  const written = writeView(view, COLUMNS, USUAL)
  expect(written).toEqual({ sort: 'team', order: 'asc', columns: 'job,note,user' })
  expect(read(written as Record<string, string>)).toEqual(view)
})

test('a title clicked twice turns the order round; amounts begin with the largest', () => {
  const view = read({})
  const byTeam = sortedBy(view, { id: 'team' })
  expect([byTeam.sort, byTeam.isDescending]).toEqual(['team', false])
  expect(sortedBy(byTeam, { id: 'team' }).isDescending).toBe(true)
  expect(sortedBy(view, { id: 'cost', isLargestFirst: true }).isDescending).toBe(true)
})
