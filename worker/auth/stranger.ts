import type { Asking } from '../asking.ts'

/** What a verb sees while nobody has signed in: a scope without an actor, and the settings of the door. */
export type Stranger = Pick<Asking, 'db' | 'now' | 'log' | 'settings'>
