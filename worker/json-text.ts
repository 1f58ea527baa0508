/**
 * JSON that a database may take apart: text that JSON can spell and SQLite cannot hold (half a surrogate pair, NUL)
 * is replaced by U+FFFD. The test is on the finished text, so that clean rows cost nothing.
 */
export function jsonText(rows: readonly unknown[]): string {
  const text = JSON.stringify(rows)
  if (!text.includes('\\u') || !/\\u(?:d[89a-f]|0000)/i.test(text)) return text
  const clean = (_key: string, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value
  return JSON.stringify(rows, clean)
}
