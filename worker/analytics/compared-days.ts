import { z } from 'zod'
import { addDays, addMonths, daysIn, type Window } from '../../db/units/time.ts'
import { AnsweredDay } from '../answer-fields.ts'

/** With which days a range is compared. */
export const COMPARISONS = ['none', 'previous', 'year'] as const
export type Comparison = (typeof COMPARISONS)[number]

export const ComparedWith = z
  .enum(COMPARISONS)
  .describe('previous: the same number of days just before; year: the same days a year before')

/** The days that stand beside those of the question, both inside. */
export const ComparedDays = z
  .object({ start: AnsweredDay, end: AnsweredDay })
  .nullable()
  .describe('The days that previous costs are of; null: none, or they cannot be told in the time zone')
export type ComparedDays = z.output<typeof ComparedDays>

/**
 * The days that a window is compared with; null for `none`. A year before is the same days of the calendar: February 29
 * becomes the 28th, so that a range that has one is compared with one day less.
 */
export function comparedWindow(window: Window, comparison: Comparison): Window | null {
  if (comparison === 'none') return null
  if (comparison === 'previous') return { from: addDays(window.from, -daysIn(window).length), before: window.from }
  const last = addDays(window.before, -1)
  return { from: addMonths(window.from, -12), before: addDays(addMonths(last, -12), 1) }
}

/** A window as answers say it. */
export function daysOfWindow({ from, before }: Window): NonNullable<ComparedDays> {
  return { start: from, end: addDays(before, -1) }
}
