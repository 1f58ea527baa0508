import { CsvReader, type CsvRecord } from './csv.ts'
import { brokenQuotes } from './csv-rows.ts'
import {
  type FileFrame,
  type Reader,
  type ReadOptions,
  type Row,
  refuse,
  type TextImporter,
  wrongFormat,
} from './importer.ts'
import { instantsIn } from './local-time.ts'
import { gpuTypes } from './slurm-gpus.ts'
import { type SlurmHead, slurmHead } from './slurm-head.ts'
import { type SlurmReading, slurmJob } from './slurm-job.ts'
import { unsplit } from './slurm-unsplit.ts'

const LONGEST_HEAD = 65_536

/**
 * `sacct -P` or `-p` (slurm.schedmd.com/sacct.html, 26.11), one line per job. Times are the cluster's own clocks, in the
 * zone that the sender names, else UTC. The account is the team, the cluster the provider unless the sender names one.
 */
export const slurmSacct: TextImporter = {
  id: 'slurm-sacct',
  label: 'Slurm: sacct --parsable2',
  kind: 'jobs',
  accept: '.psv,.txt,.csv,.tsv,.log,.gz',
  defaultSource: 'slurm',
  isBill: false,
  recognises: (head) => {
    const found = slurmHead(head)
    if ('problem' in found) return found.isSlurm ? 'it is output of Slurm’s' : null
    const named = ['jobidraw', 'jobid', 'state', 'start', 'end', 'alloctres'].filter((name) => found.columns.has(name))
    return `its header names ${named.map((name) => found.names[found.columns.get(name) ?? 0]?.trim()).join(', ')}`
  },
  open: (options) => new SacctReader(options),
}

class SacctReader implements Reader {
  private text = ''
  private csv: CsvReader | null = null
  private head: SlurmHead | null = null
  private running = 0
  private sharded = 0
  private readonly reading: SlurmReading

  constructor({ provider, timeZone, recogniseGpu }: ReadOptions) {
    this.reading = { provider, instantsAt: instantsIn(timeZone), typeOf: gpuTypes(recogniseGpu) }
  }

  push(text: string): Row[] {
    if (this.csv) return this.rows(this.csv.push(text))
    this.text += text
    // Two lines, as the second tells a table for people.
    if (this.text.trimStart().split('\n', 3).length < 3 && this.text.length < LONGEST_HEAD) return []
    return this.start()
  }

  end(): Row[] {
    const rows = this.csv ? [] : this.start()
    for (const row of this.rows(this.csv?.end() ?? [])) rows.push(row)
    return rows
  }

  about(): string {
    const words = ['sacct']
    if (this.running > 0) words.push(`${this.running} still running, counted up to now: send a newer export later`)
    if (this.sharded > 0) words.push(`${this.sharded} on shards of GPUs, which count as no GPU`)
    return words.join('; ')
  }

  frame(): FileFrame {
    return { before: `${this.head ? textOf(this.head.names, this.head) : ''}\n`, between: '\n', after: '\n' }
  }

  private start(): Row[] {
    const head = slurmHead(this.text)
    if ('problem' in head) throw wrongFormat(head.problem)
    this.head = head
    this.csv = new CsvReader({ delimiter: head.delimiter, quotes: head.quotes })
    const { text } = this
    this.text = ''
    const [, ...records] = this.csv.push(text)
    return this.rows(records)
  }

  private rows(records: CsvRecord[]): Row[] {
    const { head } = this
    return head ? records.map((record) => this.row(record, head)) : []
  }

  private row({ line, fields: raw }: CsvRecord, head: SlurmHead): Row {
    if (!raw) return brokenQuotes(line)
    const fields = unsplit(raw, head)
    const width = head.names.length
    const row = fields
      ? slurmJob(line, (name) => (fields[head.columns.get(name) ?? -1] ?? '').trim(), this.reading)
      : refuse(line, null, 'field_count', `expected ${width} fields, found ${raw.length}`)
    if (row.kind === 'refused') row.record = textOf(raw, head)
    if (row.kind !== 'job') return row
    if (row.status === 'running') this.running += 1
    if (row.gpuMilli === 0 && fields?.[head.columns.get('alloctres') ?? -1]?.includes('gres/shard')) this.sharded += 1
    return row
  }
}

/** Fields as the file has them. */
function textOf(fields: readonly string[], { delimiter, quotes }: SlurmHead): string {
  const cell = (text: string) =>
    /[",\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
  return fields.map((text) => (quotes ? cell(text) : text)).join(delimiter)
}
