import type { Days } from '../choice/range.ts'

/**
 * The name of a saved file, by which it is known a year later: page, what it is by, and its days.
 * "heliox-explore-team-2026-01-01..2026-01-14.csv".
 */
export function fileNameOf(page: string, by: readonly string[], { start, end }: Days, ending = 'csv'): string {
  const words = ['heliox', page, ...by].map((word) => word.toLowerCase().replace(/[^a-z0-9.]+/g, '-'))
  return `${words.join('-')}-${start}..${end}.${ending}`
}
