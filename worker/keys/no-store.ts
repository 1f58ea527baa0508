import type { Asking } from '../asking.ts'

/** An answer with a key in it belongs in no cache. */
export function keepNowhere({ answerHeaders }: Pick<Asking, 'answerHeaders'>): void {
  answerHeaders.set('cache-control', 'no-store')
}
