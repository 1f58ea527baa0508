import { addDays, type Day, type Window } from '../db/units/time.ts'
import { DayText } from './input-fields.ts'

/** Which days a list or a total is about: both ends inside, each optional. */
export const DayRange = {
  start: DayText.optional().describe('First day'),
  end: DayText.optional().describe('Last day, inside'),
}

/** The same, or one day. */
export const DayOrRange = { ...DayRange, date: DayText.optional().describe('One day; narrows start and end') }

type Asked = { date?: Day | undefined; start?: Day | undefined; end?: Day | undefined }

const [FIRST, LAST] = ['2000-01-01' as Day, '2099-12-31' as Day]

/** The days asked for, half-open; null: all of them. */
export function windowOf({ date, start, end }: Asked): Window | null {
  if (!date && !start && !end) return null
  const from =
    [date, start]
      .filter((day) => day !== undefined)
      .sort()
      .at(-1) ?? FIRST
  const last = [date, end].filter((day) => day !== undefined).sort()[0] ?? LAST
  return { from, before: addDays(last, 1) }
}

/** For `refine`: the days are in order. */
export const daysInOrder = ({ start, end }: Asked) => !start || !end || start <= end
export const DAYS_IN_ORDER = { message: 'end must not be before start', path: ['end'] }
