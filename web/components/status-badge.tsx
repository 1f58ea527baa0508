const WORDS = {
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
export type ImportStatus = keyof typeof WORDS

/** Where an import stands, in a word and a colour. */
export function StatusBadge(props: { status: ImportStatus; isDryRun?: boolean }) {
  return (
    <span class={`badge ${WORDS[props.status][1]}`}>
      {WORDS[props.status][0]}
      {props.isDryRun ? ' · dry run' : ''}
    </span>
  )
}
