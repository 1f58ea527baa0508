import { z } from 'zod'

/** The address of a webhook: who knows it may post, so it is kept sealed, and shown masked. */
export const SecretUrl = z
  .string()
  .trim()
  .max(2000)
  .refine(isAddress, 'must be an address such as https://…, without a name or password in it')

export function isAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}

/** A key or token: one word of plain text. */
export const SecretWord = z
  .string()
  .trim()
  .max(500)
  .regex(/^[\x21-\x7e]+$/, 'must be plain text without spaces')

/** So much of an address stays hidden that the end which is shown gives nothing away. */
const SHORTEST_SHOWN = 24

/** A secret address in a form that tells it from others: `https://hooks.slack.com/…x3Kq`. */
export function maskedUrl(text: string): string {
  const { origin, pathname, search } = new URL(text)
  const rest = `${pathname}${search}`
  if (rest === '/') return origin
  return `${origin}/…${rest.length >= SHORTEST_SHOWN ? rest.slice(-4) : ''}`
}
