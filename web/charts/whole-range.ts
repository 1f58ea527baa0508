import { addDays, type Day, daysIn, parseDay } from '../../db/units/time.ts'
import { type Days, PRESETS, type Preset, type Range } from '../choice/range.ts'

/** "90d" and "2026-01-01..2026-03-31" as a range; null for anything else. */
export function readWhole(text: string | undefined): Range | null {
  if (text === undefined) return null
  if (Object.hasOwn(PRESETS, text)) return { preset: text as Preset }
  const [start, end] = text.split('..').map(parseDay)
  return start && end && start <= end ? { start, end } : null
}

/** What `readWhole` reads. */
export function writeWhole(range: Range): string {
  return 'preset' in range ? range.preset : `${range.start}..${range.end}`
}

/** Whether `part` lies inside `whole` and is not all of it. */
export function isPart(part: Days, whole: Days): boolean {
  return part.start >= whole.start && part.end <= whole.end && !isSame(part, whole)
}

/** Whether two ranges are the same days. */
export function isSame(a: Days, b: Days): boolean {
  return a.start === b.start && a.end === b.end
}

/** Every day of a range. */
export function everyDay({ start, end }: Days): Day[] {
  return daysIn({ from: start, before: addDays(end, 1) })
}
