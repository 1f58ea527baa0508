import type { Asking } from '../asking.ts'

/**
 * What a verb of the door sees while nobody has signed in: a scope without an actor, the settings, and of the request
 * what tells one client from another (address, browser, cookies). `answerHeaders` takes the cookies and waits it is told.
 */
export type Stranger = Pick<
  Asking,
  'db' | 'now' | 'log' | 'settings' | 'address' | 'requestId' | 'request' | 'answerHeaders'
>
