import { exactText } from '../db/units/money.ts'
import { HelioxError } from '../worker/errors.ts'
import type { Row, TextImporter } from '../worker/ingest/importers/importer.ts'
import { NOTHING_SAID } from '../worker/ingest/importers/testing.ts'
import { type NaiveRecord, objectsIn, oracleFor } from './fuzz-oracle.ts'

/** Why an outcome is wrong; null: it is right. `counted`: its records could be told by another reader. */
export type Verdict = { wrong: string | null; counted: boolean }

/** What an importer makes of a text that arrives in pieces of `step` characters; or what it throws. */
export function read(importer: TextImporter, text: string, step: number): Row[] | Error {
  try {
    importer.recognises(text)
    const reader = importer.open(NOTHING_SAID)
    const rows: Row[] = []
    for (let at = 0; at < text.length; at += step)
      for (const row of reader.push(text.slice(at, at + step))) rows.push(row)
    for (const row of reader.end()) rows.push(row)
    reader.about?.()
    reader.frame?.()
    return rows
  } catch (error) {
    return error as Error
  }
}

/** Judges outcomes by what the sample and another reader say; where the two do not even agree on the sample, it says so. */
export function judgeOf(importer: TextImporter, sample: string): (input: string, outcome: Row[] | Error) => Verdict {
  const oracle = oracleFor(sample)
  const known = read(importer, sample, 1_000)
  if (known instanceof Error) throw known
  const base = (input: string, outcome: Row[] | Error): string | null => {
    if (outcome instanceof Error) return outcome instanceof HelioxError ? null : `threw ${outcome.stack}`
    const last = input.split('\n').length
    const lost = outcome.find(({ line }) => !(line > 0 && line <= last))
    return lost ? `a row of line ${lost.line} of ${last}` : null
  }
  if (!oracle) return (input, outcome) => documentVerdict(sample, known, input, outcome, base(input, outcome))
  const records = oracle.records(sample) ?? []
  const header = records.findIndex(({ line }) => line === known[0]?.line)
  const said = rowsByLine(known)
  const agrees =
    header >= 0 && records.slice(header).every(({ line }) => said.has(line)) && said.size === records.length - header
  if (!agrees) {
    console.error(`${importer.id}: another reader cannot tell its records; only errors and time are watched`)
    return (input, outcome) => ({ wrong: base(input, outcome), counted: false })
  }
  const prefix = sample.slice(0, sample.indexOf(records[header]?.raw ?? ''))
  const asSampled = new Map(records.slice(header).map(({ line, raw }) => [raw, textOf(said.get(line))]))
  const amount = amountColumn(records.slice(header), said)
  return (input, outcome) => {
    const wrong = base(input, outcome)
    if (wrong || outcome instanceof Error) return { wrong, counted: false }
    const isLike = input.startsWith(prefix) && (prefix !== '' || input.trimStart()[0] === sample[0])
    const found = isLike ? oracle.records(input)?.slice(header) : undefined
    if (!found) return { wrong: null, counted: false }
    return { wrong: difference(found, rowsByLine(outcome), asSampled, amount), counted: true }
  }
}

function difference(
  records: readonly NaiveRecord[],
  rows: ReadonlyMap<number, readonly Row[]>,
  asSampled: ReadonlyMap<string, string>,
  amount: number | null,
): string | null {
  if (rows.size !== records.length) return `${records.length} records became rows of ${rows.size} lines`
  for (const { line, raw, fields } of records) {
    const found = rows.get(line)
    if (!found) return `nothing of line ${line}`
    const before = asSampled.get(raw)
    if (before !== undefined && before !== textOf(found))
      return `line ${line} was not touched: ${before}, now ${textOf(found)}`
    const text = amount === null ? '' : (fields[amount] ?? '')
    const [row] = found
    const billed = row?.kind === 'cost' || row?.kind === 'refused' ? row.billed : null
    if (isPlain(text) && billed && exactText(billed) !== plain(text))
      return `line ${line}: ${text} became ${exactText(billed)}`
  }
  return null
}

/** The one column whose plain amounts are the billed ones of the sample; null: none, or several. */
function amountColumn(records: readonly NaiveRecord[], rows: ReadonlyMap<number, readonly Row[]>): number | null {
  const width = records[0]?.fields.length ?? 0
  const columns = Array.from({ length: width }, (_, index) => index).filter((index) => {
    const plainOnes = records.filter(({ fields }) => isPlain(fields[index] ?? ''))
    const agree = plainOnes.every(({ line, fields }) => {
      const [row] = rows.get(line) ?? []
      return row?.kind === 'cost' && exactText(row.billed) === plain(fields[index] ?? '')
    })
    return plainOnes.length > 2 && agree
  })
  return columns.length === 1 ? (columns[0] ?? null) : null
}

function documentVerdict(
  sample: string,
  known: Row[],
  input: string,
  outcome: Row[] | Error,
  wrong: string | null,
): Verdict {
  if (wrong || outcome instanceof Error || objectsIn(sample, sample) !== known.length) return { wrong, counted: false }
  const objects = objectsIn(input, sample)
  if (objects === null) return { wrong: null, counted: false }
  // A list that is there twice is read twice, and JSON.parse knows only the second.
  return { wrong: outcome.length < objects ? `${objects} objects became ${outcome.length} rows` : null, counted: true }
}

function rowsByLine(rows: readonly Row[]): Map<number, Row[]> {
  const lines = new Map<number, Row[]>()
  for (const row of rows) {
    const known = lines.get(row.line)
    if (known) known.push(row)
    else lines.set(row.line, [row])
  }
  return lines
}

/** Rows without their place. */
/** Without what a row owes to the rows around it: its line, and the number of an equal one before it. */
function textOf(rows: readonly Row[] | undefined): string {
  return JSON.stringify(rows, (key, value: unknown) => {
    if (key === 'line') return undefined
    if (key === 'recordId' && typeof value === 'string') return value.replace(/#\d+$/, '')
    return typeof value === 'bigint' ? `${value}n` : value
  })
}

function isPlain(text: string): boolean {
  return /^-?\d{1,9}(\.\d{1,20})?$/.test(text)
}

function plain(text: string): string {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const digits = `${BigInt(whole)}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`
  return text.startsWith('-') && /[1-9]/.test(digits) ? `-${digits}` : digits
}
