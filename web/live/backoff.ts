const FIRST_MS = 1_000
const MOST_MS = 60_000

/**
 * How long to wait before the next try, after so many in a row that failed: a second, then twice as long each time, at
 * most a minute. `chance` (0 to 1) takes up to half of it away, so that browsers do not all come back at once.
 */
export function waitMs(failures: number, chance: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 10)) * (1 - chance / 2)
}
