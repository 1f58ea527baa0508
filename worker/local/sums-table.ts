import type { End } from '../backups/backup-file.ts'

/** A line for each table that has rows: how many, and its totals. */
export function sumsTable({ tables, rows }: End): string {
  const filled = tables.filter((table) => table.rows > 0)
  const width = Math.max(5, ...filled.map(({ name }) => name.length))
  const lines = filled.map(({ name, rows: count, totals }) => {
    const sums = Object.entries(totals).filter(([, sum]) => sum !== '0')
    const words = sums.map(([column, sum]) => `${column} ${sum}`).join(', ')
    return `  ${name.padEnd(width)} ${count.toLocaleString('en-US').padStart(12)}  ${words}`.trimEnd()
  })
  return [...lines, `  ${'all'.padEnd(width)} ${rows.toLocaleString('en-US').padStart(12)}`].join('\n')
}
