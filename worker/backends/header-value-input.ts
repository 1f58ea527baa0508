import { z } from 'zod'

/** How credentials begin: schemes of HTTP, the keys of providers and of Heliox, tokens in three parts, a password in an address. */
const FORMS: readonly RegExp[] = [
  /\b(bearer|basic|digest|token|apikey|api-key)\s+\S/i,
  /(^|[^a-z0-9])(sk|pk|rk)[-_][\w-]{6,}/i,
  /(^|[^a-z0-9])(hlx_|hf_|gsk_|xai-|nvapi-|r8_|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AIza|ya29\.)[\w.-]{6,}/,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\beyJ[\w-]{5,}\.[\w-]{5,}/,
  /\/\/[^/\s:@]+:[^/\s@]+@/,
  /(secret|password|passwd|api[-_]?key|access[-_]?token)\s*[=:]/i,
]
/** Names of things that look as random as secrets and are none: a UUID, OpenAI's organisations and projects. */
const NAMES = /^([0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|(org|proj)[-_]\w{10,60})$/i

const LONGEST_WORD = 20
const LEAST_RUN = 32
/** Bits a character: words and versions stay below, 32 random hexadecimal digits are near 3.6. */
const LEAST_ENTROPY = 3

/** Whether a value that everybody may read is probably a secret: it begins as one, or a part of it is long and random. */
export function isProbablySecret(value: string): boolean {
  if (NAMES.test(value)) return false
  if (FORMS.some((form) => form.test(value))) return true
  return value.split(/[\s,;:"'()[\]{}|]+/).some((part) => !NAMES.test(part) && isRandom(part))
}

function isRandom(part: string): boolean {
  const isMixed = (text: string) => /\d/.test(text) && /[a-z]/i.test(text)
  const words = part.split(/[^a-z0-9]+/i)
  if (words.some((word) => word.length >= LONGEST_WORD && isMixed(word) && entropyOf(word) >= LEAST_ENTROPY))
    return true
  // Base64 holds hyphens and slashes, as names do: those are of words, though.
  if (!words.some(isOdd)) return false
  const run = part.replace(/[^\w+/=-]/g, '')
  return run.length >= LEAST_RUN && isMixed(run) && /[a-z]/.test(run) && /[A-Z]/.test(run) && entropyOf(run) >= 4
}

/** Digits in the middle of letters, or capitals here and there. */
function isOdd(word: string): boolean {
  const turns = word.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0
  return word.length >= 6 && ((/\d/.test(word) && /[a-z]/i.test(word)) || turns >= 3)
}

/** Shannon's, in bits a character. */
function entropyOf(text: string): number {
  const shares = [...new Set(text)].map((character) => (text.split(character).length - 1) / text.length)
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0)
}

/** What a header carries that goes along with every call: whoever reads backends reads it. */
export const HeaderValue = z
  .string()
  .trim()
  .max(1000)
  .regex(/^[\x20-\x7e]*$/, 'must be one line of plain text')
  .refine(
    (value) => !isProbablySecret(value),
    'looks like a secret, which all who see backends could read: set api_key',
  )
