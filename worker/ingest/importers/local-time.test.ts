import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, parseInstant } from '../../../db/units/time.ts'
import { instantsIn } from './local-time.ts'

const at = (zone: string, wall: string) =>
  instantsIn(zone)(parseInstant(wall) ?? Number.NaN).map((instant) => new Date(instant).toISOString().slice(0, 19))

test('a wall-clock time is the instant at which the zone’s clocks showed it', () => {
  expect(at('', '2026-07-01T12:00:00')).toEqual(['2026-07-01T12:00:00'])
  expect(at('Europe/Berlin', '2026-07-01T12:00:00')).toEqual(['2026-07-01T10:00:00'])
  expect(at('Europe/Berlin', '2026-01-01T12:00:00')).toEqual(['2026-01-01T11:00:00'])
  expect(at('Asia/Kolkata', '2026-01-01T00:00:00')).toEqual(['2025-12-31T18:30:00'])
  expect(at('Pacific/Kiritimati', '2026-01-01T00:00:00')).toEqual(['2025-12-31T10:00:00'])
})

test('clocks set back show an hour twice, clocks set forward pass over one', () => {
  // Europe/Berlin: 2026-10-25 03:00 → 02:00, 2026-03-29 02:00 → 03:00
  expect(at('Europe/Berlin', '2026-10-25T02:30:00')).toEqual(['2026-10-25T00:30:00', '2026-10-25T01:30:00'])
  expect(at('Europe/Berlin', '2026-10-25T01:59:59')).toEqual(['2026-10-24T23:59:59'])
  expect(at('Europe/Berlin', '2026-10-25T03:00:00')).toEqual(['2026-10-25T02:00:00'])
  expect(at('Europe/Berlin', '2026-03-29T02:30:00')).toEqual(['2026-03-29T01:30:00']) // shown as 03:30
  expect(at('Europe/Berlin', '2026-03-29T03:00:00')).toEqual(['2026-03-29T01:00:00'])
  expect(at('America/New_York', '2026-11-01T01:15:00')).toEqual(['2026-11-01T05:15:00', '2026-11-01T06:15:00'])
})

test('zones that change by half an hour, at a minute past midnight, or by a whole day', () => {
  expect(at('Australia/Lord_Howe', '2026-04-05T01:45:00')).toEqual(['2026-04-04T14:45:00', '2026-04-04T15:15:00'])
  expect(at('America/St_Johns', '2010-03-14T00:00:30')).toEqual(['2010-03-14T03:30:30'])
  expect(at('America/St_Johns', '2010-03-14T01:01:00')).toEqual(['2010-03-14T03:31:00'])
  expect(at('Pacific/Apia', '2011-12-30T12:00:00')).toEqual(['2011-12-30T22:00:00']) // there was no such day
})

test('every second of years of several zones comes back as itself', () => {
  for (const zone of ['America/New_York', 'Europe/Dublin', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Tehran']) {
    const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    const start = Date.UTC(2015, 0, 1)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: (3_000 * DAY_MS) / 1000 }), (seconds) => {
        const instant = start + seconds * 1000
        const shown = parseInstant(clock.format(instant)) ?? Number.NaN
        expect(instantsIn(zone)(shown)).toContain(instant)
      }),
      { numRuns: 2_000, seed: 20_260_304 },
    )
  }
})
