import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Db } from '../../../db/client.ts'
import { addExact, type ExactUsd, exactText, ZERO_EXACT } from '../../../db/units/money.ts'
import { HelioxError } from '../../errors.ts'
import { startHeliox } from '../../testing.ts'
import type { Row, TextImporter } from './importer.ts'
import { IMPORTERS, importerOf, recognise } from './index.ts'
import { anyText, cutsEvery, mutilated } from './mutilated.ts'
import { SAMPLES } from './samples/index.ts'
import { lines, type Sample } from './samples/sample.ts'
import { NOTHING_SAID } from './testing.ts'

const sampleText = (id: string) =>
  readFileSync(new URL(`../../../seeds/samples/${SAMPLES[id]?.file}`, import.meta.url), 'utf8')

function read(importer: TextImporter, text: string, cuts: readonly number[] = []): Row[] {
  const reader = importer.open(NOTHING_SAID)
  const rows: Row[] = []
  let from = 0
  for (const at of [...cuts, text.length]) {
    rows.push(...reader.push(text.slice(from, at)))
    from = at
  }
  return rows.concat(reader.end())
}

/** Everything that the ledger answers with, by another way than the import's own counts. */
async function ledger(db: Db) {
  const [sums] = await db.all<Record<string, bigint>>(sql`select
    (select coalesce(sum(billed_nano_usd), 0) from ledger_costs) as billed,
    (select coalesce(sum(effective_nano_usd), 0) from ledger_costs) as effective,
    (select coalesce(sum(line_count), 0) from ledger_costs) as lines,
    (select count(*) from ledger_costs) as entries,
    (select coalesce(sum(gpu_seconds), 0) from usage_snapshots) as measured,
    (select coalesce(sum(cost_nano_usd), 0) from pool_days) as shared,
    (select count(*) from token_usage) as calls,
    (select coalesce(sum(cost_nano_usd), 0) from token_usage) as metered,
    (select coalesce(sum(request_count + coalesce(input_tokens, 0) + 3 * coalesce(output_tokens, 0)), 0)
      from token_usage) as tokens,
    (select count(*) from jobs) as jobs, (select count(*) from teams) as teams,
    (select coalesce(sum(gpu_ms) / 1000, 0) from job_day_shares) as held`)
  return sums
}

/** A bill comes anew and takes the place of the old one; everything else stays the row that it was. */
const IDS = sql`select id, job_id, run from jobs union all select id, '', '' from cost_entries where bill_id = 0
  union all select id, entry_date, pool_id from usage_snapshots union all select id, source, record_id from token_usage`

function sumOf(rows: readonly Row[], of: 'billed' | 'effective'): string {
  const amounts = rows.map(
    (row) =>
      (row.kind === 'cost' || row.kind === 'refused' ? row[of] : row.kind === 'tokens' ? row.cost : null) ?? ZERO_EXACT,
  )
  return exactText(amounts.reduce<ExactUsd>((sum, amount) => addExact(sum, amount), ZERO_EXACT))
}

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'nothing was refused'
  } catch (error) {
    return error instanceof HelioxError ? error.code : `not a HelioxError: ${error}`
  }
}

/** The importers of text; those of files that are read by ranges have a suite of their own. */
const TEXT_IMPORTERS = IMPORTERS.filter((importer): importer is TextImporter => 'open' in importer)

test('every importer has a sample and every sample an importer', () => {
  expect(Object.keys(SAMPLES).sort()).toEqual(TEXT_IMPORTERS.map(({ id }) => id).sort())
})

describe.each(TEXT_IMPORTERS.map(({ id }) => id))('%s', (id) => {
  const importer = importerOf(id) as TextImporter
  const sample = SAMPLES[id] as Sample
  const text = sampleText(id)
  const whole = read(importer, text)

  test('the sample holds the rows and the dollars that were worked out by hand', () => {
    const records = whole.filter(({ kind }) => !['skipped', 'refused', 'team'].includes(kind))
    expect(records).toHaveLength(sample.records)
    expect(whole.filter(({ kind }) => kind === 'skipped')).toHaveLength(sample.skipped)
    expect(whole.filter(({ kind }) => kind === 'refused')).toEqual([])
    expect(sumOf(whole, 'billed')).toBe(sample.fileUsd)
    expect(sumOf(whole, 'effective')).toBe(sample.effectiveUsd ?? sample.fileUsd)
  })

  test('wherever the text is cut, once or at every character, the rows are the same', () => {
    expect(
      read(
        importer,
        text,
        Array.from(text, (_, at) => at),
      ),
    ).toEqual(whole)
    for (let at = 1; at < text.length; at += text.length > 2_000 ? 7 : 1) {
      const rows = read(importer, text, [at])
      if (JSON.stringify(rows, plain) !== JSON.stringify(whole, plain)) expect([at, rows]).toEqual([at, whole])
    }
  })

  test('CRLF, a byte order mark, no final newline and blank lines at the end change no row', () => {
    expect(read(importer, text.replaceAll('\n', '\r\n'))).toEqual(whole)
    expect(read(importer, `\ufeff${text}`)).toEqual(whole)
    expect(read(importer, `\ufeff${text}`, [1])).toEqual(whole)
    expect(read(importer, text.trimEnd())).toEqual(whole)
    expect(read(importer, `${text}\n\n`)).toEqual(whole)
  })

  test('auto recognises the sample as this format and no other, behind a byte order mark and blank lines and with CRLF too', () => {
    for (const any of [text, `\ufeff${text}`, text.replaceAll('\n', '\r\n'), `\ufeff\r\n\n${text}`]) {
      expect(recognise(any).importer.id).toBe(id)
      expect(TEXT_IMPORTERS.filter((other) => other.recognises(any) !== null).map((other) => other.id)).toEqual([id])
    }
  })

  test('every other format’s sample is refused whole, in one piece and cut up', () => {
    for (const other of TEXT_IMPORTERS.filter((candidate) => candidate.id !== id)) {
      const foreign = sampleText(other.id)
      const cuts = cutsEvery(10, foreign.length)
      expect([other.id, codeOf(() => read(importer, foreign))]).toEqual([other.id, 'ingest.wrong_format'])
      expect([other.id, codeOf(() => read(importer, foreign, cuts))]).toEqual([other.id, 'ingest.wrong_format'])
    }
    for (const foreign of ['', ' ', '\n', '\ufeff', 'hello', '<html></html>', '{"a": 1}', '%PDF-1.7\n', '\0\0\0'])
      expect([foreign, codeOf(() => read(importer, foreign))]).toEqual([foreign, 'ingest.wrong_format'])
  })

  test('an empty file, one without rows and one in another encoding are refused with words and change nothing', async () => {
    const { send, db } = await startHeliox()
    expect(await send(id, '')).toMatchObject({ httpStatus: 400, error: { code: 'ingest.empty' } })
    const header = sample.withoutRows || `${lines(text)[0]}\n`
    const refused = await send(id, header)
    expect(refused).toMatchObject({ httpStatus: 400, error: { code: 'ingest.no_rows' } })
    expect(refused.error?.message).toContain('holds no rows')
    const latin = new Uint8Array([...new TextEncoder().encode(text), 0xe9, 0x0a])
    expect(await send(id, latin)).toMatchObject({ httpStatus: 400, error: { code: 'ingest.not_utf8' } })
    const odd = new Uint8Array([...Buffer.from(`\ufeff${text}`, 'utf16le'), 0x41])
    expect(await send(id, odd)).toMatchObject({ httpStatus: 400, error: { code: 'ingest.not_utf8' } })
    expect(await ledger(db)).toMatchObject({ entries: 0n, jobs: 0n, teams: 0n, calls: 0n })
  })

  test('the same file twice: all inserted, then nothing new and no sum changed', async () => {
    const { send, db } = await startHeliox()
    const first = await send(id, text)
    const { records, skipped } = sample
    expect(first).toMatchObject({ httpStatus: 200, status: 'success' })
    const clean = { total_records: records, failed: 0, skipped, errors: [], removed: 0 }
    expect(first.result).toMatchObject({ ...clean, inserted: records, updated: 0, unchanged: 0 })
    expect(first.result.totals).toMatchObject({
      ...{ file_cost_usd: sample.fileUsd, rounding_cost_usd: sample.roundingUsd, gpu_hours: sample.gpuHours },
      ...{ quarantined_cost_usd: '0.00', file_effective_cost_usd: sample.effectiveUsd ?? sample.fileUsd },
    })
    const before = await ledger(db)
    expect(before?.jobs).toBe(BigInt(whole.filter(({ kind }) => kind === 'job').length))
    expect(before?.calls).toBe(BigInt(whole.filter(({ kind }) => kind === 'tokens').length))
    expect(before?.lines).toBe(BigInt(whole.filter(({ kind }) => kind === 'cost').length))
    expect(before?.shared).toBe(before?.effective)
    if (importer.kind === 'usage')
      expect(Number(before?.measured) / 3600).toBeCloseTo(Number(first.result.totals.gpu_hours), 5)
    if (importer.kind === 'jobs') {
      const hours = Number(first.result.totals.gpu_hours)
      expect(Number(before?.held) / 3600).toBeCloseTo(hours, 5)
    }

    const ids = await db.all(IDS)
    const second = await send(id, text)
    expect(second.result).toMatchObject({ ...clean, inserted: 0, updated: records, unchanged: records })
    expect(await ledger(db)).toEqual(before)
    expect(await db.all(IDS)).toEqual(ids)
  })

  test('reordered, packed with gzip once or in members, with CRLF or CR, in UTF-16, or chosen by auto, the file leaves the same sums', async () => {
    const { send, db } = await startHeliox()
    await send(id, text)
    const before = await ledger(db)
    for (const [format, again] of [
      [id, sample.reordered(text)],
      [id, new Uint8Array(gzipSync(text))],
      ['auto', new Uint8Array(gzipSync(`\ufeff${text.replaceAll('\n', '\r\n')}`))],
      ['auto', new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))],
      ['auto', new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le').swap16())],
      ['auto', text.replaceAll('\n', '\r')],
      ['auto', Buffer.concat([gzipSync(text.slice(0, 100)), gzipSync(text.slice(100))])],
    ] as const) {
      const { result, format: told } = await send(format, again)
      expect(told).toBe(id)
      expect(result).toMatchObject({ inserted: 0, updated: sample.records, unchanged: sample.records, failed: 0 })
      expect(await ledger(db)).toEqual(before)
    }
    const other = await startHeliox()
    await other.send(id, sample.reordered(text))
    expect(await ledger(other.db)).toEqual(before)
  })

  test('bad rows among good ones are quarantined with their place and dollars; file = stored + quarantined + rounding', async () => {
    const { send, db } = await startHeliox()
    await send(id, text)
    const clean = await ledger(db)

    const other = await startHeliox()
    const { text: mixed, line } = sample.withRows(
      text,
      sample.bad.map((bad) => bad.text),
    )
    const { status, result, import_id } = await other.send(id, mixed)
    expect(status).toBe('partial_success')
    const expected = sample.bad.map(({ column, code, costUsd }, index) => ({
      ...{ line: line + index, column, code, cost_usd: costUsd },
    }))
    expect(result.errors.map(({ message: _, ...place }) => place)).toEqual(expected)
    for (const { message } of result.errors) expect(message.length).toBeGreaterThan(10)
    const { records } = sample
    expect(result).toMatchObject({
      ...{ total_records: records + sample.bad.length, inserted: records, failed: sample.bad.length },
    })
    expect(await ledger(other.db)).toEqual(clean) // the good rows are all there, and nothing else is

    const { totals } = result
    const amount = (name: string) => exactAmount(totals[name])
    const sums = [amount('stored_cost_usd'), amount('quarantined_cost_usd'), amount('rounding_cost_usd')]
    expect(exactText(sums.reduce(addExact, ZERO_EXACT))).toBe(totals.file_cost_usd)
    const listed = sample.bad.reduce((sum, { costUsd }) => addExact(sum, exactAmount(costUsd ?? '0')), ZERO_EXACT)
    expect(totals.quarantined_cost_usd).toBe(exactText(listed))
    expect(totals.file_cost_usd).toBe(exactText(addExact(exactAmount(sample.fileUsd), listed)))
    const kept = await ledger(other.db)
    const stored = { digits: (kept?.billed ?? 0n) + (kept?.metered ?? 0n), scale: 9 }
    expect(totals.stored_cost_usd).toBe(exactText(stored))
    const all = await other.json<{ errors: unknown[]; total: number }>(`/api/v1/imports/${import_id}/errors`)
    const places = (all.errors as Record<string, unknown>[]).map(({ record: _, resolved_by, ...place }) => place)
    expect([all.total, places]).toEqual([sample.bad.length, result.errors])
  })

  test('a row of more than a megabyte costs itself or the file, never another row', async () => {
    const { send, db } = await startHeliox()
    await send(id, text)
    const clean = await ledger(db)
    const other = await startHeliox()
    const huge = text.startsWith('{') ? `{"job_id": "${'x'.repeat(1_100_000)}"}` : `${'x'.repeat(1_100_000)}`
    const { httpStatus, result, error } = await other.send(id, sample.withRows(text, [huge]).text)
    if (httpStatus === 400) {
      expect(error?.code).toBe('ingest.wrong_format')
      expect(await ledger(other.db)).toMatchObject({ entries: 0n, jobs: 0n, calls: 0n })
    } else {
      expect(result).toMatchObject({ inserted: sample.records, failed: 1 })
      expect(await ledger(other.db)).toEqual(clean)
    }
  })

  test('3,000 mutilated samples are read or refused: nothing but a HelioxError is thrown, every row has its line', () => {
    const cases = mutilated(text)
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 400 }), (mutant, size) => {
        const outcome = outcomeOf(() => read(importer, mutant, cutsEvery(size, mutant.length)))
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(HelioxError)
        const last = mutant.split('\n').length
        for (const { line } of outcome instanceof Error ? [] : outcome)
          if (!(line > 0 && line <= last)) expect([line, last]).toEqual('a line of the file')
      }),
      { numRuns: 3000, seed: 20_260_301 },
    )
    fc.assert(
      fc.property(anyText(), (any) => {
        const outcome = outcomeOf(() => read(importer, any))
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(HelioxError)
      }),
      { numRuns: 500, seed: 20_260_302 },
    )
  })

  test('mutilated files through the whole app answer 200 or 400, never 500, and the ledger still adds up', async () => {
    const { send, db, trpc } = await startHeliox()
    const seen = new Set<number>()
    for (const mutant of fc.sample(mutilated(text), { numRuns: 60, seed: 20_260_303 })) {
      const { httpStatus, result, error } = await send(id, mutant)
      seen.add(httpStatus)
      if (httpStatus === 500) expect([error, mutant]).toEqual(['no 500', mutant])
      if (httpStatus !== 200) continue
      const { total_records, inserted, updated, failed } = result
      expect(inserted + updated + failed).toBe(total_records)
    }
    expect([...seen].sort()).toEqual([200, 400])
    const sums = await ledger(db)
    expect(sums?.shared).toBe(sums?.effective)
    for (const basis of ['allocation', 'usage'] as const) {
      const asked = { start: '2020-01-01', end: '2029-01-01', basis }
      expect((await trpc.analytics.reconciliation.query(asked)).differenceUsd).toBe('0.00')
    }
  })
})

function outcomeOf(run: () => Row[]): Row[] | Error {
  try {
    return run()
  } catch (error) {
    return error as Error
  }
}

function exactAmount(text: string | undefined): ExactUsd {
  const [whole = '0', fraction = ''] = (text ?? '0').split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length }
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
