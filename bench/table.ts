/** What a bench says beside its lines: names on the left, figures below the head of their column, words at the end. */
export type Table = { title: string; head: readonly string[]; rows: readonly (readonly string[])[] }

/** The table as text for a terminal, columns as wide as their widest cell; one without a head is of words. */
export function tableText({ title, head, rows }: Table): string {
  const widths = head.map((cell, at) => Math.max(cell.length, ...rows.map((row) => (row[at] ?? '').length)))
  const isWords = (at: number) => head[at] === ''
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (isWords(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('   ')
  return [title, '', line(head), ...rows.map(line)].map((text) => text.trimEnd()).join('\n')
}
