export const STATUSES = ['open', 'accepted', 'done', 'dismissed'] as const
export type Status = (typeof STATUSES)[number]

/** What a status is called, and the colour of its badge. */
export const STATUS_WORDS = {
  open: ['Open', ''],
  accepted: ['Accepted', 'is-warning'],
  done: ['Done', 'is-good'],
  dismissed: ['Dismissed', ''],
} as const satisfies Record<Status, readonly [words: string, colour: string]>

export const CONFIDENCE_WORDS = { high: 'Sure', medium: 'Likely', low: 'What if' } as const
export const EFFORT_WORDS = { low: 'Little effort', medium: 'Some effort', high: 'Much effort' } as const
