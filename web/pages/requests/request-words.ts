import type { Answers } from '../../api.ts'

export type RequestRow = Answers['requests']['list']['requests'][number]
export type RequestAlone = Answers['requests']['get']
export type RequestTotal = Answers['requests']['total']
type Status = RequestRow['status']
export type Grade = RequestRow['costGrade']

/** How a call ended: a word, and the class of its badge. */
export const STATUS_WORDS: Record<Status, readonly [word: string, badge: string]> = {
  completed: ['Completed', 'is-good'],
  failed: ['Failed', 'is-bad'],
  cancelled: ['Cut off', 'is-warning'],
}

/** Where the cost of a call comes from. */
export const GRADE_WORDS: Record<Grade, readonly [word: string, meaning: string]> = {
  reported: ['Reported', 'What the provider said that it charged.'],
  computed: ['Computed', 'Tokens that the backend counted × their list price.'],
  estimated: ['Estimated', 'Tokens counted by us, as the call was cut off or nobody counted them × their list price.'],
  unpriced: ['Unpriced', 'The model has no price, or nobody counted tokens. That is not free.'],
}

export const CACHE_WORDS: Record<RequestRow['cache'], string> = {
  off: 'Not asked',
  miss: 'Not in the store',
  hit: 'From the store',
}

const clock = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'medium' })

/** To the second, on the reader's clock: calls come many a minute. */
export function formatMoment(iso: string): string {
  return clock.format(new Date(iso))
}

const seconds = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 2 })

/** "840 ms", "2.35 s"; null, which was not measured, is a dash. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–'
  return ms < 1000 ? `${ms} ms` : `${seconds.format(ms / 1000)} s`
}

/** Who called: the key's name, or a person's e-mail. */
export function callerOf({ keyName, keyId, userName, userId }: RequestRow): string {
  return keyName ?? keyId ?? userName ?? userId ?? 'Admin key'
}
