import type { Asking } from './asking.ts'

/** An answer with a secret in it (a key, a token, a link) belongs in no cache. */
export function keepNowhere({ answerHeaders }: Pick<Asking, 'answerHeaders'>): void {
  answerHeaders.set('cache-control', 'no-store')
}
