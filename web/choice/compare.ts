/** With which days figures are compared, as the address and the server name it. */
export const COMPARISONS = {
  none: 'Nothing',
  previous: 'The days before',
  year: 'The year before',
} as const
export type Comparison = keyof typeof COMPARISONS

/** What an address asks for; `otherwise` where it says nothing that there is. */
export function readComparison(text: string | string[] | undefined, otherwise: Comparison = 'none'): Comparison {
  return typeof text === 'string' && Object.hasOwn(COMPARISONS, text) ? (text as Comparison) : otherwise
}

/** What stands in the address; `otherwise` needs nothing. */
export function writeComparison(comparison: Comparison, otherwise: Comparison = 'none'): string | null {
  return comparison === otherwise ? null : comparison
}

/** "the period before", "the year before": inside a sentence. */
export function wordsOfComparison(comparison: Comparison): string {
  return comparison === 'year' ? 'the year before' : 'the period before'
}
