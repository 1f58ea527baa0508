/** What has a series each. */
export const DIMENSIONS = [
  { value: 'team', words: 'Teams' },
  { value: 'company', words: 'All together' },
  { value: 'provider', words: 'Providers' },
  { value: 'gpu_type', words: 'GPU types' },
  { value: 'account', words: 'Accounts' },
  { value: 'model', words: 'Models' },
  { value: 'tokens', words: 'Metered tokens' },
] as const

export const DIRECTIONS = [
  { value: 'both', words: 'More or less' },
  { value: 'up', words: 'More' },
  { value: 'down', words: 'Less' },
] as const

export const VERDICTS = [
  { value: 'any', words: 'Anything' },
  { value: 'open', words: 'Nothing yet' },
  { value: 'yes', words: 'It was one' },
  { value: 'no', words: 'It was none' },
  { value: 'planned', words: 'Planned' },
] as const

export const SENSITIVITIES = [
  { value: '', words: 'As decided' },
  { value: 'high', words: 'High' },
  { value: 'medium', words: 'Medium' },
  { value: 'low', words: 'Low' },
] as const

/** What each verdict is called where it stands. */
export const SAID = { yes: 'It was one', no: 'It was none', planned: 'It was planned' } as const

/** What a term of the bridge is. */
export const TERMS = {
  volume: 'GPU-hours',
  price: 'Rate',
  mix: 'Mix',
  new: 'New',
  gone: 'Gone',
  other: 'Without hours',
  level: 'Usual growth',
  cache_rate: 'Cache rate',
} as const

/** One of the values that there are; the fallback for any other text. */
export function oneOf<const V extends string>(
  choices: readonly { value: V }[],
  text: string | undefined,
  fallback: V,
): V {
  return choices.find(({ value }) => value === text)?.value ?? fallback
}
