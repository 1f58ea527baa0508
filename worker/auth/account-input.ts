import { z } from 'zod'
import { LineText } from '../input-fields.ts'
import { Email } from './email-input.ts'

/** NIST SP 800-63B, 5.1.1.2 (read 2026-11-21): 8 characters at least, each code point one; no rule of composition. */
export const SHORTEST = 8
/** In UTF-16 units, as sign-in counts them. NIST asks for at least 64. */
const LONGEST = 256

const LONG = `must have at most ${LONGEST} characters`
const MEANING = {
  ...{ minLength: SHORTEST, maxLength: LONGEST, format: 'password', examples: ['a tall ship and a star'] },
} as const

/**
 * A password that somebody chooses, as far as `isGuessed` knows those that are guessed first: their list is too long for
 * the page, which goes by the length alone and leaves the rest to the server.
 */
export function chosenPassword(isGuessed: (text: string) => boolean) {
  return z
    .string()
    .superRefine((text, context) => {
      const message =
        [...text].length < SHORTEST
          ? `must have at least ${SHORTEST} characters`
          : text.length > LONGEST
            ? LONG
            : isGuessed(text)
              ? 'is one of those that are guessed first: choose another'
              : null
      if (message) context.addIssue({ code: 'custom', message })
    })
    .meta(MEANING)
}
const OfAnyKind = chosenPassword(() => false)

/** What a user signs in with. The e-mail need not look like one: it is right or wrong, and no more is said. */
export const Credentials = z.object({
  email: z.string().trim().toLowerCase().max(254, 'must have at most 254 characters'),
  password: z.string().max(LONGEST, LONG),
})

/** What a newcomer writes; lengths in UTF-16 units. */
export const NewAccount = z.object({ email: Email, password: OfAnyKind, name: LineText(200).default('') })

/** What is written after a one-time link. `name`: absent or '' keeps the one there is. */
export const LinkChoice = z.object({ password: OfAnyKind, name: LineText(200).optional() })
