import type { SlurmHead } from './slurm-head.ts'
import { slurmState } from './slurm-states.ts'

/** Columns in which a person may have written anything. */
const FREE = [
  ...(['jobname', 'comment', 'admincomment', 'systemcomment', 'submitline', 'workdir', 'extra', 'wckey'] as const),
  ...(['constraints', 'reservation', 'container', 'licenses'] as const),
]
/** Columns whose cells can be told from others; the row has been put together again when each of them looks like itself. */
const SHAPES: Record<string, (cell: string) => boolean> = {
  jobid: (cell) => /^\d+[\w+.[\],%-]*$/.test(cell),
  jobidraw: (cell) => /^\d+[\w+.-]*$/.test(cell),
  state: (cell) => slurmState(cell) !== undefined,
  start: isTime,
  end: isTime,
  submit: isTime,
  elapsed: (cell) => /^[\d:.-]*$/.test(cell),
  elapsedraw: (cell) => /^\d*$/.test(cell),
  alloctres: (cell) => cell === '' || cell.includes('='),
  reqtres: (cell) => cell === '' || cell.includes('='),
}

function isTime(cell: string): boolean {
  return /^(?:\d{4}-\d\d-\d\d.*|\d{9,10}|unknown|none|n\/a|)$/i.test(cell)
}

/**
 * The fields of a row one by one, where a name or a comment holds the separator itself: what is too many belongs to it.
 * Commas as separators cut lists of TRES and of nodes too; those are put together first. Null: it cannot be told which
 * cell was cut, and nothing is guessed.
 */
export function unsplit(raw: string[], head: SlurmHead): string[] | null {
  const width = head.names.length
  if (raw.length === width) return raw
  const fields = head.delimiter === ',' ? rejoined(raw) : raw
  const extra = fields.length - width
  if (extra === 0) return fields
  if (extra < 0) return null
  const free = FREE.map((name) => head.columns.get(name)).filter((at) => at !== undefined)
  const fits: string[][] = []
  for (const at of free) {
    const whole = joined(fields, at, extra, head.delimiter)
    if (isWhole(whole, head)) fits.push(whole)
  }
  const [first] = fits
  return first && fits.every((other) => saysTheSame(first, other, head)) ? first : null
}

function joined(fields: string[], at: number, extra: number, delimiter: string): string[] {
  return [...fields.slice(0, at), fields.slice(at, at + extra + 1).join(delimiter), ...fields.slice(at + extra + 1)]
}

function isWhole(fields: string[], { columns }: SlurmHead): boolean {
  return Object.entries(SHAPES).every(([name, hasShape]) => {
    const at = columns.get(name)
    return at === undefined || hasShape((fields[at] ?? '').trim())
  })
}

/** Two ways to read a row that differ in its name alone are as good as one. */
function saysTheSame(a: string[], b: string[], { columns }: SlurmHead): boolean {
  return [...Object.keys(SHAPES), 'account', 'cluster', 'sluid', 'allocgres', 'reqgres', 'nnodes', 'suspended'].every(
    (name) => {
      const at = columns.get(name)
      return at === undefined || a[at] === b[at]
    },
  )
}

/** Lists that commas cut, whole again: `cpu=8`, `mem=64G` to one; `gpu[05`, `07]` to one. A key that comes again begins another list. */
function rejoined(raw: string[]): string[] {
  const fields: string[] = []
  const keys = new Set<string>()
  for (const piece of raw) {
    const last = fields.length - 1
    const before = fields[last] ?? ''
    const key = /^([a-z][\w/:.-]*)=/i.exec(piece)?.[1]
    const isOpen = before.lastIndexOf('[') > before.lastIndexOf(']')
    if (isOpen || (key !== undefined && keys.size > 0 && !keys.has(key))) fields[last] = `${before},${piece}`
    else {
      keys.clear()
      fields.push(piece)
    }
    if (key !== undefined && !isOpen) keys.add(key)
  }
  return fields
}
