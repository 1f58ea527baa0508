import { startOf } from '../db/units/time.ts'
import type { Estate } from './estate.ts'

/** Epoch days of a window: the first, and the one behind the last. */
export type Days = { from: number; before: number }

/** Another way to the same answer: dollars per team, each pool-day split by GPU-seconds, from the jobs themselves. */
export type Rival = {
  name: string
  /** Seconds that it took to take the jobs in. */
  loadSeconds: number
  byTeam: (days: Days) => Promise<Map<string, number>>
  close: () => void
}

/** The whole estate. */
export function allDays({ first, days }: Estate): Days {
  const from = startOf(first) / 86_400_000
  return { from, before: from + days }
}
