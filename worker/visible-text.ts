/** Format characters, fillers and all kinds of blanks: nothing that anybody sees. The last is the empty Braille cell. */
const SEEN = /[^\p{Cf}\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u

/**
 * Whether a text has something to see; one without would be a name that nobody can read or find. A NUL of a file is stored
 * as the replacement character, which is seen.
 */
export function isVisible(text: string): boolean {
  return text.includes('\0') || SEEN.test(text)
}
