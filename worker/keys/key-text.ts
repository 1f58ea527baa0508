import { generateIdFromEntropySize } from 'lucia'

/** 280 random bits in base 32 (a–z, 2–7): lower case and no 0, 1, 8 or 9, so that nothing is mistaken for another. */
const RANDOM_BYTES = 35
/** What every API key begins with. */
export const KEY_PREFIX = 'hlx_'
const SHAPE = /^hlx_[a-z2-7]{56}$/
const SHOWN_CHARACTERS = 10

/** A new API key, "hlx_" and 56 random characters. It is shown once; only its SHA-256 is stored. */
export function newKeyText(): string {
  return `${KEY_PREFIX}${generateIdFromEntropySize(RANDOM_BYTES)}`
}

/** Whether text has the shape of an API key: what has not need not be looked for. */
export function isKeyText(text: string): boolean {
  return SHAPE.test(text)
}

/** The part by which people recognise a key, "hlx_a1b2c3": 30 of its 280 random bits. */
export function prefixOf(keyText: string): string {
  return keyText.slice(0, SHOWN_CHARACTERS)
}
