import type { Answers } from '../../api.ts'

export type Alert = Answers['alerts']['list']['alerts'][number]
export type AlertAlone = Answers['alerts']['get']
export type Rule = Answers['alerts']['rule']
export type Kind = Answers['alerts']['kinds'][number]
export type Field = Kind['params'][number]
export type Channel = Answers['alerts']['channels'][number]
export type Silence = Answers['alerts']['silences']['silences'][number]

/** A word, and the class of its badge. */
export const SEVERITY_WORDS = {
  info: ['Info', 'is-busy'],
  warning: ['Warning', 'is-warning'],
  critical: ['Critical', 'is-bad'],
} as const

export const STATUS_WORDS = {
  pending: ['Pending', ''],
  firing: ['Firing', 'is-bad'],
  resolved: ['Resolved', 'is-good'],
} as const

export const EVENT_WORDS = {
  pending: 'Its condition began to hold',
  fired: 'Fired',
  repeated: 'Told again',
  acknowledged: 'Acknowledged',
  silenced: 'Silenced',
  resolved: 'Resolved',
  commented: 'Comment',
} as const

/** For how long a silence is offered. */
export const SILENCES = [
  ['1 hour', 60],
  ['1 day', 24 * 60],
  ['1 week', 7 * 24 * 60],
] as const

/** "5 min", "2 h", "3 days". */
export function minutesInWords(minutes: number): string {
  if (minutes % 1440 === 0) return minutes === 1440 ? '1 day' : `${minutes / 1440} days`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`
}
