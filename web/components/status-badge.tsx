import { type ImportStatus, STATUS_WORDS } from './status-words.ts'

export type { ImportStatus } from './status-words.ts'

/** Where an import stands, in a word and a colour. */
export function StatusBadge(props: { status: ImportStatus; isDryRun?: boolean }) {
  return (
    <span class={`badge ${STATUS_WORDS[props.status][1]}`}>
      {STATUS_WORDS[props.status][0]}
      {props.isDryRun ? ' · dry run' : ''}
    </span>
  )
}
