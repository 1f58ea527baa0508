import { columnsOf } from './csv.ts'
import { slurmState } from './slurm-states.ts'

const COMMAND = 'sacct -X -P -D --noconvert -o JobIDRaw,Cluster,Account,State,Start,End,ElapsedRaw,AllocTRES,JobName'
const EXPECTED = `expected the output of sacct --parsable2 with its header, such as that of ${COMMAND}`

/** How a file of sacct's begins: what separates its fields, and where its columns stand. */
export type SlurmHead = { delimiter: string; quotes: boolean; names: string[]; columns: Map<string, number> }

/**
 * The header of sacct's output, or why it is none, in words that say what to do. The separator is what stands behind the
 * first name: a bar, what `--delimiter` says, or a comma with quotes where a spreadsheet has been at work.
 */
export function slurmHead(head: string): SlurmHead | { problem: string; isSlurm: boolean } {
  const [first = '', second = ''] = head.trimStart().split(/\r?\n/, 2)
  if (first.trim() === '') return { problem: `${EXPECTED}; the file is empty`, isSlurm: false }
  const quotes = first.startsWith('"')
  const delimiter = (quotes ? /^"[^"]{1,100}"(.)/ : /^[A-Za-z]\w{0,100}([^\w\s]{1,8}|\t)/).exec(first)?.[1]
  const names = delimiter === undefined ? [] : first.split(delimiter).map((name) => name.replace(/^"|"$/g, ''))
  const columns = columnsOf(names)
  const hasId = columns.has('jobid') || columns.has('jobidraw')
  if (delimiter !== undefined && hasId && columns.has('state')) {
    const missing = missingIn(columns)
    if (missing.length === 0) return { delimiter, quotes: quotes || delimiter === ',', names, columns }
    const isSlurm = columns.size > 2
    const words = columns.has('nodelist(reason)') ? 'this is the output of squeue, which keeps no finished jobs' : ''
    return { problem: `${EXPECTED}; ${words || `${missing.join(', ')} missing`}`, isSlurm }
  }
  const foreign = foreignTo(first, second)
  if (foreign) return { problem: `${EXPECTED}; ${foreign}`, isSlurm: true }
  const missing = [hasId ? '' : 'JobID', columns.has('state') ? '' : 'State', ...missingIn(columns)].filter(Boolean)
  return { problem: `${EXPECTED}; ${missing.join(', ')} missing`, isSlurm: false }
}

function missingIn(columns: Map<string, number>): string[] {
  const hasGpus = ['alloctres', 'allocgres', 'reqgres'].some((name) => columns.has(name))
  const hasEnd = ['end', 'elapsedraw', 'elapsed'].some((name) => columns.has(name))
  return [columns.has('start') ? '' : 'Start', hasEnd ? '' : 'End', hasGpus ? '' : 'AllocTRES'].filter(Boolean)
}

/** What of Slurm's a text is that is not sacct --parsable2 with a header; null: nothing that is known. */
function foreignTo(first: string, second: string): string | null {
  const words = new Set(first.toLowerCase().split(/[\s|,;]+/))
  const has = (...names: string[]) => names.every((name) => words.has(name))
  if (has('jobid') && (has('st') || has('nodelist(reason)') || has('time_left') || has('start_time')))
    return 'this is the output of squeue, which keeps no finished jobs'
  if (has('partition', 'avail') || has('nodelist', 'nodes', 'partition') || has('nodelist', 'node', 'state'))
    return 'this is the output of sinfo, which knows nodes and no jobs'
  if (has('jobid', 'state') && (/^[\s-]+$/.test(second) || /\s{2}/.test(first)))
    return 'this is sacct’s table for people: add --parsable2'
  const cells = first.replaceAll('\x1f', '|').split(/[|;\t]/)
  const isRow = cells.some((cell) => slurmState(cell)) && /^\d+(?:[_+.][\w[\],%-]+)?$/.test(cells[0]?.trim() ?? '')
  return isRow ? 'there is no header: leave out --noheader (-n)' : null
}
