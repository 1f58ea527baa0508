import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** SHA-256 in hex: what is stored of a session id. Fast on purpose: ids are 200 random bits, not passwords. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * HMAC-SHA256 in hex, of several texts under one purpose: no text can pass for two, nor what is made for one purpose for
 * another's.
 */
export function keyedHash(secretKey: string, purpose: string, ...texts: string[]): string {
  return createHmac('sha256', secretKey)
    .update(JSON.stringify([purpose, ...texts]))
    .digest('hex')
}

/** Whether two secrets are equal, in a time that tells neither their first difference nor their length. */
export function isSameSecret(given: string, known: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(known))
}
