/**
 * `node bench/fuzz.ts [N] [IMPORTER …]` gives every importer N (100,000) mutilated, cut off and random inputs in pieces of
 * random size and wants of each: nothing thrown but a HelioxError; no second gone; each record of the input accounted for
 * by a row of its line, told by another reader (`fuzz-oracle.ts`) wherever the mutation leaves that readable; each
 * record that was not touched read as in the sample, to the last digit; a plain amount in a touched one read as it is.
 * Exits 1 and prints the input where that is not so.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { exactText } from '../db/units/money.ts'
import { HelioxError } from '../worker/errors.ts'
import type { Importer, RangedImporter, Row, TextImporter } from '../worker/ingest/importers/importer.ts'
import { IMPORTERS } from '../worker/ingest/importers/index.ts'
import { anyText, cutOff, mutilated } from '../worker/ingest/importers/mutilated.ts'
import { SAMPLES } from '../worker/ingest/importers/samples/index.ts'
import { NOTHING_SAID } from '../worker/ingest/importers/testing.ts'
import { type NaiveRecord, objectsIn, oracleFor } from './fuzz-oracle.ts'
import type { Measurement } from './run.ts'

const INPUTS = 100_000
const BATCH = 2_000
const SEED = 20_260_601
const LONGEST_MS = 1_000

type Report = { id: string; inputs: number; refused: number; rows: number; counted: number; slowestMs: number }
/** Why an outcome is wrong; null: it is right. `counted`: its records could be told by another reader. */
type Verdict = { wrong: string | null; counted: boolean }

/** Fuzzes importers, all of them if none is named; throws at the first wrong outcome. */
export async function fuzz(inputs = INPUTS, ids: readonly string[] = []): Promise<Measurement[]> {
  const reports: Report[] = []
  for (const importer of IMPORTERS) {
    if (ids.length > 0 && !ids.includes(importer.id)) continue
    const file = fileURLToPath(new URL(`../seeds/samples/${SAMPLES[importer.id]?.file}`, import.meta.url))
    const report = isText(importer)
      ? fuzzText(importer, readFileSync(file, 'utf8'), inputs)
      : await fuzzBytes(importer, readFileSync(file), inputs)
    reports.push(report)
    console.error(`${importer.id}: ${report.inputs} inputs, slowest ${report.slowestMs.toFixed(1)} ms`)
  }
  printTable(reports)
  return reports.map(({ id, inputs: figure, refused, rows, slowestMs }) => ({
    ...{ what: `${id}, inputs survived`, figure, unit: 'inputs' },
    beside: `${refused} refused whole, ${rows} rows, slowest ${slowestMs.toFixed(1)} ms`,
  }))
}

function isText(importer: Importer): importer is TextImporter {
  return 'open' in importer
}

function fuzzText(importer: TextImporter, sample: string, inputs: number): Report {
  const report: Report = { id: importer.id, inputs: 0, refused: 0, rows: 0, counted: 0, slowestMs: 0 }
  const judge = judgeOf(importer, sample)
  const size = fc.integer({ min: 1, max: 2_000 })
  const any = fc.oneof(
    { weight: 16, arbitrary: mutilated(sample) },
    { weight: 3, arbitrary: cutOff(sample) },
    { weight: 1, arbitrary: anyText() },
  )
  for (let batch = 0; report.inputs < inputs; batch += 1) {
    const numRuns = Math.min(BATCH, inputs - report.inputs)
    for (const [input, step] of fc.sample(fc.tuple(any, size), { numRuns, seed: SEED + batch })) {
      const before = performance.now()
      const outcome = read(importer, input, step)
      const took = performance.now() - before
      report.inputs += 1
      report.slowestMs = Math.max(report.slowestMs, took)
      if (outcome instanceof HelioxError) report.refused += 1
      else if (!(outcome instanceof Error)) report.rows += outcome.length
      const { wrong, counted } = judge(input, outcome)
      if (counted) report.counted += 1
      fail(importer.id, input, wrong ?? (took > LONGEST_MS ? `took ${took.toFixed(0)} ms` : null))
    }
  }
  return report
}

async function fuzzBytes(importer: RangedImporter, sample: Uint8Array, inputs: number): Promise<Report> {
  const report: Report = { id: importer.id, inputs: 0, refused: 0, rows: 0, counted: 0, slowestMs: 0 }
  const place = fc.nat({ max: sample.length })
  const edits = fc.array(fc.tuple(place, fc.nat({ max: 8 }), fc.uint8Array({ maxLength: 8 })), { maxLength: 4 })
  const mutants = fc.oneof(
    edits.map((all) =>
      all.reduce((bytes, [at, cut, put]) => joined(bytes.slice(0, at), put, bytes.slice(at + cut)), sample),
    ),
    place.map((end) => sample.slice(0, end)),
    fc.uint8Array({ maxLength: 300 }),
  )
  for (let batch = 0; report.inputs < inputs; batch += 1) {
    const numRuns = Math.min(BATCH, inputs - report.inputs)
    for (const bytes of fc.sample(mutants, { numRuns, seed: SEED + batch })) {
      const before = performance.now()
      const outcome = await readBytes(importer, bytes)
      const took = performance.now() - before
      report.inputs += 1
      report.slowestMs = Math.max(report.slowestMs, took)
      if (outcome instanceof HelioxError) report.refused += 1
      else if (!(outcome instanceof Error)) report.rows += outcome.length
      const wrong = outcome instanceof Error && !(outcome instanceof HelioxError) ? `threw ${outcome.stack}` : null
      fail(importer.id, Buffer.from(bytes).toString('base64'), wrong ?? (took > LONGEST_MS ? `took ${took} ms` : null))
    }
  }
  return report
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

function read(importer: TextImporter, text: string, step: number): Row[] | Error {
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

async function readBytes(importer: RangedImporter, bytes: Uint8Array): Promise<Row[] | Error> {
  const whole = bytes.slice().buffer
  const file = { byteLength: whole.byteLength, slice: async (from: number, to?: number) => whole.slice(from, to) }
  try {
    await importer.recognisesFile(file)
    const rows: Row[] = []
    for await (const some of importer.openFile(file, NOTHING_SAID)) rows.push(...some)
    return rows
  } catch (error) {
    return error as Error
  }
}

/** Judges outcomes by what the sample and another reader say; where the two do not even agree on the sample, it says so. */
function judgeOf(importer: TextImporter, sample: string): (input: string, outcome: Row[] | Error) => Verdict {
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
function textOf(rows: readonly Row[] | undefined): string {
  return JSON.stringify(rows, (key, value: unknown) =>
    key === 'line' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  )
}

function isPlain(text: string): boolean {
  return /^-?\d{1,9}(\.\d{1,20})?$/.test(text)
}

function plain(text: string): string {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const digits = `${BigInt(whole)}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`
  return text.startsWith('-') && /[1-9]/.test(digits) ? `-${digits}` : digits
}

function fail(id: string, input: string, wrong: string | null): void {
  if (wrong === null) return
  console.error(`${id}: ${wrong}\n${JSON.stringify(input)}`)
  throw new Error(`${id}: ${wrong}`)
}

function printTable(reports: readonly Report[]): void {
  const count = (figure: number) => figure.toLocaleString('en-US').padStart(12)
  console.log(
    `${'importer'.padEnd(22)}${['inputs', 'refused whole', 'rows', 'cross-checked', 'slowest ms'].map((name) => name.padStart(15)).join('')}`,
  )
  for (const { id, inputs, refused, rows, counted, slowestMs } of reports)
    console.log(
      `${id.padEnd(22)}${[inputs, refused, rows, counted].map((figure) => `   ${count(figure)}`).join('')}${slowestMs.toFixed(1).padStart(15)}`,
    )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first, ...ids] = process.argv.slice(2)
  const isCount = /^\d+$/.test(first ?? '')
  await fuzz(isCount ? Number(first) : INPUTS, isCount || first === undefined ? ids : [first, ...ids])
}
