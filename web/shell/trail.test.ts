import { expect, test } from 'vitest'
import { PLACES } from './places.ts'
import { isOpenTo, placeAt, trailOf } from './trail.ts'

test('a page of the navigation has no trail, and what is below it leads back to it', () => {
  expect(trailOf('/jobs', 'Jobs')).toEqual([])
  expect(trailOf('/jobs/job_3', 'train-7')).toEqual([
    { name: 'Jobs', href: '/jobs' },
    { name: 'train-7', href: null },
  ])
  expect(trailOf('/gpu-hour', 'GPU-hour').map(({ name }) => name)).toEqual(['Utilisation', 'GPU-hour'])
  // It has steps of its own: two trails would lead to two places.
  expect(trailOf('/explain', 'How a figure is made')).toEqual([])
})

test('until a thing has said its name the trail shows what stands in the address', () => {
  expect(trailOf('/imports/imp_4', undefined).at(-1)).toEqual({ name: 'imp_4', href: null })
  expect(trailOf('/jobs/a%20b', undefined).at(-1)?.name).toBe('a b')
  expect(trailOf('/jobs/%E0%A4', undefined).at(-1)?.name).toBe('%E0%A4')
})

test('what is no page has neither a place nor a trail, and what the header leads to has no trail', () => {
  expect([placeAt('/no/such'), trailOf('/no/such', 'x'), trailOf('/account', 'x'), trailOf('/', 'x')]).toEqual([
    undefined,
    [],
    [],
    [],
  ])
})

test('every page that is under another is under one that its roles may open', () => {
  for (const place of PLACES.filter(({ under }) => under)) {
    const above = placeAt(place.under ?? '')
    expect(above?.href).toBe(place.under)
    for (const role of place.roles ?? (['viewer', 'admin'] as const)) expect(isOpenTo(above!, role)).toBe(true)
  }
})
