/** Where an import stands: a word, and the class of its badge. */
export const STATUS_WORDS = {
  queued: ['Queued', 'is-busy'],
  reading: ['Reading', 'is-busy'],
  storing: ['Storing', 'is-busy'],
  interrupted: ['Interrupted', 'is-warning'],
  success: ['Success', 'is-good'],
  partial_success: ['Partial', 'is-warning'],
  failed: ['Failed', 'is-bad'],
  cancelled: ['Cancelled', 'is-bad'],
  removed: ['Removed', 'is-bad'],
} as const
export type ImportStatus = keyof typeof STATUS_WORDS
export const STATUSES = Object.keys(STATUS_WORDS) as ImportStatus[]
