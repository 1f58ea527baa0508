import { dictionary } from '@zxcvbn-ts/language-common'
import { HelioxError } from '../errors.ts'
import { chosenPassword, SHORTEST } from './account-input.ts'

/** The 18,000 of the list's 49,000 that are long enough to be tried; lower-cased, as they are compared. */
const COMMON: ReadonlySet<string> = new Set(
  dictionary['passwords-common'].filter((word) => word.length >= SHORTEST).map(folded),
)

/**
 * A password that somebody chooses: 8 to 256 characters of any kind, and none of those that are guessed first: the
 * common ones, one character or a short piece repeated, a row such as "abcdefgh", and the product's own name. What
 * needs to know whose it is comes after, see `requireUnlikeEmail`.
 */
export const NewPassword = chosenPassword(isGuessable)

/** Whether it is among the passwords that are tried first, whoever's it is. */
export function isGuessable(password: string): boolean {
  const text = folded(password)
  const piece = repeatedPiece(text)
  return COMMON.has(text) || isRow(text) || [...piece].length < 4 || COMMON.has(piece) || isMadeOf(text, 'heliox')
}

/**
 * For a new password, once it is known whose: it is neither the e-mail nor its local part, repeated or with figures and
 * signs around it.
 *
 * @throws HelioxError invalid `auth.password_like_email`, naming the field
 */
export function requireUnlikeEmail(password: string, email: string, field = 'password'): void {
  const text = folded(password)
  const address = folded(email)
  const local = address.split('@')[0] ?? ''
  if (text !== local && !isMadeOf(text, address) && !(local.length > 2 && isMadeOf(text, local))) return
  const detail = `${field}: must not be your e-mail or a part of it`
  throw new HelioxError('invalid', 'auth.password_like_email', `Invalid request: ${detail}`, { details: [detail] })
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/** Whether each character is as far from the one before as the next: "aaaaaaaa", "12345678", "hgfedcba". */
function isRow(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0)
  const step = (points[1] ?? 0) - (points[0] ?? 0)
  return Math.abs(step) <= 1 && points.every((point, i) => i === 0 || point - (points[i - 1] ?? 0) === step)
}

/** What repeated makes the whole text: "abc" of "abcabcabc"; the text itself if nothing shorter does. */
function repeatedPiece(text: string): string {
  return text.slice(0, (text + text).indexOf(text, 1))
}

/** Whether nothing is left of the text but figures and signs once `word` is taken out. */
function isMadeOf(text: string, word: string): boolean {
  return text.includes(word) && !/\p{L}/u.test(text.replaceAll(word, ''))
}
