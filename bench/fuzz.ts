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
import { HelioxError } from '../worker/errors.ts'
import { CsvReader } from '../worker/ingest/importers/csv.ts'
import type { Importer, RangedImporter, Row, TextImporter } from '../worker/ingest/importers/importer.ts'
import { IMPORTERS } from '../worker/ingest/importers/index.ts'
import { anyText, cutOff, mutilated } from '../worker/ingest/importers/mutilated.ts'
import { SAMPLES } from '../worker/ingest/importers/samples/index.ts'
import { NOTHING_SAID } from '../worker/ingest/importers/testing.ts'
import { parquetOf } from '../worker/ingest/importers/testing-parquet.ts'
import { judgeOf, read } from './fuzz-judge.ts'
import type { Measurement } from './run.ts'

const INPUTS = 100_000
const BATCH = 2_000
const SEED = 20_260_601
const LONGEST_MS = 1_000

type Report = { id: string; inputs: number; refused: number; rows: number; counted: number; slowestMs: number }
/** Fuzzes importers, all of them if none is named; throws at the first wrong outcome. */
export async function fuzz(inputs = INPUTS, ids: readonly string[] = []): Promise<Measurement[]> {
  const reports: Report[] = []
  for (const importer of IMPORTERS) {
    if (ids.length > 0 && !ids.includes(importer.id)) continue
    const report = isText(importer)
      ? fuzzText(importer, sampleText(importer.id), inputs)
      : await fuzzBytes(importer, parquetSample(importer.id), inputs)
    reports.push(report)
    console.error(`${importer.id}: ${report.inputs} inputs, slowest ${report.slowestMs.toFixed(1)} ms`)
  }
  printTable(reports)
  return reports.map(({ id, inputs: figure, refused, rows, slowestMs }) => ({
    ...{ what: `${id}, inputs survived`, figure, unit: 'inputs' },
    beside: `${refused} refused whole, ${rows} rows, slowest ${slowestMs.toFixed(1)} ms`,
  }))
}

function sampleText(id: string): string {
  return readFileSync(fileURLToPath(new URL(`../seeds/samples/${SAMPLES[id]?.file}`, import.meta.url)), 'utf8')
}

/** The CSV sample of the same bill as Parquet, all texts, a row group for every two rows. */
function parquetSample(id: string): Uint8Array {
  const [header = [], ...rows] = new CsvReader()
    .push(sampleText(id.replace('parquet', 'csv')))
    .map(({ fields }) => fields ?? [])
  // "lineItem/UsageStartDate" is line_item_usage_start_date there.
  const nameOf = (name: string) =>
    name.includes('/')
      ? name
          .replace('/', '_')
          .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_')
          .toLowerCase()
      : name
  const columns = header.map((name, at) => [nameOf(name), { data: rows.map((row) => row[at] || null) }] as const)
  return parquetOf(Object.fromEntries(columns), { rowGroupSize: 2 })
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
      let took = performance.now() - before
      // A machine with other work to do is no slow parser: what is slow is so again.
      for (let again = 0; again < 2 && took > report.slowestMs; again += 1) {
        const start = performance.now()
        read(importer, input, step)
        took = Math.min(took, performance.now() - start)
      }
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
