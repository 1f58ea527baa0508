/** What a spreadsheet would run as a formula, and what FOCUS reads as null. */
const PROTECTED = /^'*(?:[=+\-@\t\r]|null$)/i

/**
 * Text as Heliox's own files write it: an apostrophe goes before what a spreadsheet would run and before the word null.
 * `bareText` takes it away again, so that a file which comes back has the same names.
 */
export function protectedText(text: string): string {
  return PROTECTED.test(text) ? `'${text}` : text
}

/** The text that `protectedText` was given. */
export function bareText(cell: string): string {
  return cell.startsWith("'") && PROTECTED.test(cell) ? cell.slice(1) : cell
}
