import type { Answers } from '../../api.ts'

type Status = Answers['jobs']['get']['status']

/** Where a job stands: a word, and the class of its badge. */
export const JOB_STATUS_WORDS: Record<Status, readonly [word: string, badge: string]> = {
  pending: ['Pending', ''],
  running: ['Running', 'is-busy'],
  completed: ['Completed', 'is-good'],
  failed: ['Failed', 'is-bad'],
  cancelled: ['Cancelled', 'is-warning'],
}

export function JobStatus(props: { status: Status }) {
  return <span class={`badge ${JOB_STATUS_WORDS[props.status][1]}`}>{JOB_STATUS_WORDS[props.status][0]}</span>
}
