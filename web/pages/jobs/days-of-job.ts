import { type Day, dayOf, type EpochMs } from '../../../db/units/time.ts'
import type { Answers } from '../../api.ts'
import type { Days } from '../../choice/range.ts'

/** The UTC days that a job held GPUs on; null for one that has not started. One that runs holds them today. */
export function daysOfJob({ startedAt, endedAt }: Pick<Answers['jobs']['get'], 'startedAt' | 'endedAt'>): Days | null {
  if (startedAt === null) return null
  const day = (iso: string): Day => dayOf(Date.parse(iso) as EpochMs)
  return { start: day(startedAt), end: endedAt === null ? dayOf(Date.now() as EpochMs) : day(endedAt) }
}
