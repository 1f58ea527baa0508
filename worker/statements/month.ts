import { z } from 'zod'
import { addDays, DAY_MS, type Day, type EpochMs, startOf, type Window } from '../../db/units/time.ts'
import { nextMonth } from '../analytics/periods.ts'
import { CostQuestion, type Question } from '../analytics/window.ts'

/** A UTC month as 2026-01. */
export const MonthText = z
  .string('expected a month as YYYY-MM')
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'expected a month as YYYY-MM')
  .meta({ examples: ['2026-01'] })

/** The days of a month. */
export function windowOf(month: string): Window {
  return { from: `${month}-01` as Day, before: `${nextMonth(month)}-01` as Day }
}

/** The question what a month cost, without any filter: on the allocation basis, at effective cost. */
export function questionOf(month: string): Question {
  const { from, before } = windowOf(month)
  return CostQuestion.parse({ start: from, end: addDays(before, -1) })
}

/** From when on a month may be closed: a full day after its last one, when what ran over midnight has been reported. */
export function closableFrom(month: string): EpochMs {
  return (startOf(windowOf(month).before) + DAY_MS) as EpochMs
}
