import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256 in hex: what is stored of a session id. Fast on purpose: ids are 200 random bits, not passwords. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Whether two secrets are equal, in a time that tells neither their first difference nor their length. */
export function isSameSecret(given: string, known: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(known))
}
