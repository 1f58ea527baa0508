import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, DAY_MS, type Day, dayOf, type EpochMs } from '../../db/units/time.ts'
import { localDays, startOfLocalDay } from './local-days.ts'

const startIn = (zone: string, day: string) =>
  new Date(startOfLocalDay(day as Day, zone)).toISOString().replace('.000Z', 'Z')
const hoursOf = (zone: string, day: string) => {
  const [only] = localDays({ from: day as Day, before: addDays(day as Day, 1) }, zone)
  return only ? (only.beforeMs - only.fromMs) / 3_600_000 : null
}

test.each([
  ['UTC', '2026-03-29', '2026-03-29T00:00:00Z'],
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z'],
  ['Europe/Berlin', '2026-03-30', '2026-03-29T22:00:00Z'],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z'],
  ['America/New_York', '2026-03-09', '2026-03-09T04:00:00Z'],
  ['Asia/Kolkata', '2026-01-01', '2025-12-31T18:30:00Z'],
  ['Asia/Kathmandu', '2026-01-01', '2025-12-31T18:15:00Z'],
  ['Pacific/Chatham', '2026-07-01', '2026-06-30T11:15:00Z'],
  ['Pacific/Kiritimati', '2026-01-01', '2025-12-31T10:00:00Z'],
  ['Etc/GMT+12', '2026-01-01', '2026-01-01T12:00:00Z'],
  // 10:30 ahead in winter, 11 in summer
  ['Australia/Lord_Howe', '2026-07-01', '2026-06-30T13:30:00Z'],
  ['Australia/Lord_Howe', '2026-01-01', '2025-12-31T13:00:00Z'],
  // Midnight does not exist: clocks go from 24:00 to 01:00.
  ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z'],
  ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00Z'],
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z'],
  // Midnight comes twice: at 01:00 clocks go back to it.
  ['America/Havana', '2026-11-01', '2026-11-01T04:00:00Z'],
])('in %s, %s starts at %s', (zone, day, instant) => {
  expect(startIn(zone, day)).toBe(instant)
})

test.each([
  ['Europe/Berlin', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-25', 25],
  ['Europe/Berlin', '2026-10-26', 24],
  ['America/New_York', '2026-03-08', 23],
  ['America/New_York', '2026-11-01', 25],
  ['Australia/Lord_Howe', '2026-04-05', 24.5],
  ['Australia/Lord_Howe', '2026-10-04', 23.5],
  ['Asia/Kolkata', '2026-03-29', 24],
  ['Africa/Cairo', '2026-04-24', 23],
  ['America/Sao_Paulo', '2018-02-17', 25], // at 24:00 clocks go back to 23:00
  ['America/Havana', '2026-11-01', 25],
  // Samoa went from the 29th to the 31st.
  ['Pacific/Apia', '2011-12-29', 24],
  ['Pacific/Apia', '2011-12-30', 0],
  ['Pacific/Apia', '2011-12-31', 24],
])('in %s, %s has %d hours', (zone, day, hours) => {
  expect(hoursOf(zone, day)).toBe(hours)
})

test('whatever the zone and the instant, it lies in the day that the zone’s clocks show', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  const shown = new Map<string, Intl.DateTimeFormat>()
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2012, 0, 1) / 1000, max: Date.UTC(2030, 0, 1) / 1000 }),
      (timeZone, seconds) => {
        const instant = (seconds * 1000) as EpochMs
        if (!shown.has(timeZone))
          shown.set(timeZone, new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }))
        const day = shown.get(timeZone)?.format(instant) as Day
        expect(startOfLocalDay(day, timeZone)).toBeLessThanOrEqual(instant)
        expect(startOfLocalDay(addDays(day, 1), timeZone)).toBeGreaterThan(instant)
      },
    ),
    { numRuns: 2_000, seed: 20_260_329 },
  )
})

test('the days of a window follow each other without a gap, in every zone', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const days = localDays({ from: '2026-03-01' as Day, before: '2026-04-10' as Day }, zone)
    expect(days.map(({ day }) => day)).toEqual(days.map((_, at) => addDays('2026-03-01' as Day, at)))
    for (const [at, { fromMs, beforeMs }] of days.entries()) {
      if (at > 0) expect(fromMs).toBe(days[at - 1]?.beforeMs)
      expect(beforeMs - fromMs).toBeGreaterThan(DAY_MS / 2)
    }
    expect(dayOf(days[0]?.fromMs ?? (0 as EpochMs)) <= '2026-03-01').toBe(true)
  }
})
