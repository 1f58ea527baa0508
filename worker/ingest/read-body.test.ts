import { gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const HEADER = 'date,provider,gpu_type,cost_usd\n'
const ROW = '2026-02-01,aws,h100,1.50\n'

/** A body that arrives in pieces and may break off. */
function arriving(pieces: (Uint8Array | string | Error)[]): RequestInit {
  const waiting = [...pieces]
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = waiting.shift()
      if (piece === undefined) controller.close()
      else if (piece instanceof Error) controller.error(piece)
      else controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece)
    },
  })
  return { method: 'POST', body, duplex: 'half' } as RequestInit
}

const imports = '/api/v1/imports?format=cost-csv'
type Refusal = { error: { code: string; message: string } }

async function started(settings: Record<string, string> = {}) {
  const heliox = await startHeliox({ settings })
  const post = async (init: RequestInit) => {
    const response = await heliox.fetch(imports, init)
    return { status: response.status, ...((await response.json()) as Refusal) }
  }
  const entries = async () => (await heliox.db.all<{ n: bigint }>(sql`select count(*) as n from ledger_costs`))[0]?.n
  return { ...heliox, post, entries }
}

test('a file above MAX_UPLOAD_MB is a 413 by its stated length, and by its bytes where none is stated', async () => {
  const { post, entries } = await started({ MAX_UPLOAD_MB: '0.1' })
  const large = HEADER + Array.from({ length: 6_000 }, (_, at) => ROW.replace('h100', `g${at}`)).join('') // 170 KB
  const stated = await post({ method: 'POST', body: large, headers: { 'content-length': String(large.length) } })
  expect(stated).toMatchObject({ status: 413, error: { code: 'ingest.too_large' } })
  const pieces = Array.from({ length: 20 }, (_, at) => large.slice(at * 9_000, (at + 1) * 9_000))
  expect(await post(arriving(pieces))).toMatchObject({ status: 413, error: { code: 'ingest.too_large' } })
  expect(await entries()).toBe(0n)
})

test('the limit is on the bytes as received: the same file packed is taken', async () => {
  const { send, entries } = await started({ MAX_UPLOAD_MB: '0.1' })
  const large = HEADER + Array.from({ length: 6_000 }, (_, at) => ROW.replace('h100', `g${at}`)).join('')
  const { result } = await send('cost-csv', new Uint8Array(gzipSync(large)))
  expect([result.inserted, result.totals.stored_cost_usd]).toEqual([6_000, '9000.00']) // 6,000 × 1.50
  expect(await entries()).toBe(6_000n)
})

test('a gzip bomb is cut off long before it is unpacked', async () => {
  const { post, entries } = await started({ MAX_UPLOAD_MB: '5' })
  const bomb = gzipSync(Buffer.concat([Buffer.from(HEADER), Buffer.alloc(64 * 1024 * 1024, '\n')])) // 1000 : 1
  const answer = await post({ method: 'POST', body: new Uint8Array(bomb) })
  expect(answer).toMatchObject({ status: 413, error: { code: 'ingest.unpacks_too_large' } })
  expect(await entries()).toBe(0n)
})

test('a gzip file that is cut off or damaged is a 400 and changes nothing', async () => {
  const { post, entries, db } = await started()
  const rows = Array.from({ length: 9_000 }, (_, at) => ROW.replace('h100', `g${(at * 7919) % 9001}`)).join('')
  const packed = new Uint8Array(gzipSync(HEADER + rows))
  const cut = packed.slice(0, packed.length - 2_000)
  const damaged = packed.slice()
  damaged.fill(0x55, packed.length - 2_000, packed.length - 1_500)
  for (const body of [cut, damaged])
    expect(await post({ method: 'POST', body })).toMatchObject({ status: 400, error: { code: 'ingest.bad_gzip' } })
  expect(await entries()).toBe(0n)
  expect(await db.all(sql`select * from staged_costs`)).toEqual([])
})

test('a long packed file of another format is refused at its header and let go of', async () => {
  const { send, trpc } = await started()
  const rows = Array.from({ length: 60_000 }, (_, at) => ROW.replace('h100', `g${(at * 7919) % 60_007}`)).join('')
  const packed = new Uint8Array(gzipSync(HEADER + rows))
  expect(await send('jobs-csv', packed)).toMatchObject({ httpStatus: 400, error: { code: 'ingest.wrong_format' } })
  const { imports: history } = await trpc.imports.list.query({})
  expect(history).toMatchObject([{ status: 'failed', rowsRead: 0 }])
})

test('a file that breaks off changes nothing, and what was read waits to be taken up again', async () => {
  const { fetch, entries, db, trpc, send } = await started()
  const rows = Array.from({ length: 12_000 }, (_, at) => ROW.replace('h100', `g${at}`)).join('')
  const lost = new Error('connection reset')
  const log = console.log
  console.log = () => undefined
  const answer = await fetch(imports, arriving([HEADER + rows, lost]))
  console.log = log
  expect(answer.status).toBe(400)
  expect(await entries()).toBe(0n)
  expect(await db.all(sql`select count(*) as n from staged_costs`)).toEqual([{ n: 10_000n }])
  const { imports: history } = await trpc.imports.list.query({})
  expect(history).toMatchObject([{ status: 'interrupted', inserted: 0, updated: 0 }])
  expect(history[0]?.message).toBe(
    'The import was interrupted after 10000 rows: send the file again, or go on with resume=imp_1',
  )
  // The whole file afterwards is stored as if nothing had been.
  expect((await send('cost-csv', HEADER + rows)).result).toMatchObject({ inserted: 12_000, updated: 0 })
})

test('text that is not UTF-8 is a 400 wherever it stands, also behind rows that were read', async () => {
  const { post, entries } = await started()
  const rows = Array.from({ length: 9_000 }, (_, at) => ROW.replace('h100', `g${at}`)).join('')
  const bad = new Uint8Array([0xe9, 0x0a])
  for (const pieces of [[bad], [HEADER, bad], [HEADER + rows, bad], [HEADER, new Uint8Array([0xc3])]])
    expect(await post(arriving(pieces))).toMatchObject({ status: 400, error: { code: 'ingest.not_utf8' } })
  expect(await entries()).toBe(0n)
})

test('a character whose bytes arrive apart is one character', async () => {
  const { fetch, db } = await started()
  const bytes = new TextEncoder().encode(`${HEADER}2026-02-01,münchen-🔎,h100,1.50\n`)
  await fetch(imports, arriving(Array.from(bytes, (byte) => new Uint8Array([byte]))))
  expect(await db.all(sql`select provider from pools`)).toEqual([{ provider: 'münchen-🔎' }])
})

test('no body and an empty body are refused with words', async () => {
  const { post } = await started()
  for (const init of [{ method: 'POST' }, { method: 'POST', body: '' }, arriving([])])
    expect(await post(init)).toMatchObject({ status: 400, error: { code: 'ingest.empty' } })
})

test('a gzip file of several members is read whole, wherever it is cut on the way', async () => {
  const { fetch, entries } = await started()
  const packed = Buffer.concat([gzipSync(HEADER), gzipSync(ROW), gzipSync(''), gzipSync(ROW.replace('h100', 'l4'))])
  await fetch(imports, { method: 'POST', body: new Uint8Array(packed) })
  expect(await entries()).toBe(2n)
  await fetch(imports, arriving(Array.from(packed, (byte) => new Uint8Array([byte]))))
  expect(await entries()).toBe(2n)
  const { post } = await started()
  const cut = new Uint8Array(packed.subarray(0, -5))
  expect(await post({ method: 'POST', body: cut })).toMatchObject({ status: 400, error: { code: 'ingest.bad_gzip' } })
})

test('UTF-16 by its byte order mark and lines that end in CR alone are read, in one piece and byte by byte', async () => {
  const { fetch, entries } = await started()
  const text = `\ufeff${HEADER}2026-02-01,münchen-🔎,h100,1.50\n${ROW}`
  const little = Buffer.from(text, 'utf16le')
  const variants = [little, Buffer.from(little).swap16(), Buffer.from(text.replaceAll('\n', '\r'))]
  for (const [at, bytes] of variants.entries()) {
    for (const pieces of [[new Uint8Array(bytes)], Array.from(bytes, (byte) => new Uint8Array([byte]))]) {
      const answer = (await (await fetch(imports, arriving(pieces))).json()) as { result: object }
      const isFirst = at === 0 && pieces.length === 1
      expect(answer.result).toMatchObject({ inserted: isFirst ? 2 : 0, unchanged: isFirst ? 0 : 2, failed: 0 })
    }
  }
  expect(await entries()).toBe(2n)
})

test('a file of CR lines keeps its line numbers, and a CR inside an ordinary file is no line', async () => {
  const { send } = await started()
  const old = await send('cost-csv', `${HEADER}${ROW}bad\n${ROW}`.replaceAll('\n', '\r'))
  expect(old.result.errors.map(({ line }) => line)).toEqual([3, 4])
  const usual = await send('cost-csv', `${HEADER}2026-02-02,"a\rb",h100,1.50\nbad\n`)
  expect([usual.result.inserted, usual.result.errors.map(({ line }) => line)]).toEqual([1, [3]])
})

test('a file that is no text is refused by what it is and what to send in its place, whatever it is called', async () => {
  const { post } = await started()
  const zip = `PK\x03\x04${'\0'.repeat(26)}`
  const files: readonly (readonly [bytes: string, is: string, instead: string])[] = [
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'a picture (PNG)', 'Heliox reads CSV, JSON and Parquet'],
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'a picture (JPEG)', 'Heliox reads CSV'],
    ['%PDF-1.7\n%', 'a PDF document', 'figures as CSV'],
    [`${zip}usage.csv`, 'a ZIP archive', 'unpack it'],
    [`${zip}[Content_Types].xml`, 'an Excel workbook (.xlsx)', 'save the sheet as CSV (UTF-8)'],
    [`${zip}mimetypeapplication/vnd.oasis.opendocument`, 'a spreadsheet (.ods)', 'save the sheet'],
    ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old Excel or Office document', 'save the sheet'],
    ['BZh91AY', 'packed with bzip2', 'unpack it'],
    [`${'cost.csv'.padEnd(257, '\0')}ustar\0`, 'a tar archive', 'unpack it'],
  ]
  for (const [text, is, instead] of files) {
    const bytes = Buffer.from(text, 'latin1')
    for (const body of [bytes, gzipSync(bytes)]) {
      const answer = await post({ method: 'POST', body: new Uint8Array(body) })
      expect([is, answer.status, answer.error.code]).toEqual([is, 400, 'ingest.not_text'])
      expect(answer.error.message).toContain(`The file is ${is}: `)
      expect(answer.error.message).toContain(instead)
    }
  }
  const twice = await post({ method: 'POST', body: new Uint8Array(gzipSync(gzipSync(HEADER + ROW))) })
  expect(twice.error.message).toBe('The file is packed with gzip twice: unpack it once and send what comes out')
})

test('a file of blanks is empty, and so is an empty gzip file; one of a header alone holds no rows', async () => {
  const { post } = await started()
  const codeOf = async (body: string | Uint8Array<ArrayBuffer>) => (await post({ method: 'POST', body })).error.code
  for (const body of ['\n', ' \r\n\r\n', '\ufeff', new Uint8Array(gzipSync(''))])
    expect(await codeOf(body)).toBe('ingest.empty')
  for (const body of [HEADER, HEADER.trim(), `${HEADER}\n\n`]) expect(await codeOf(body)).toBe('ingest.no_rows')
  const { fetch } = await started()
  const answer = await fetch('/api/v1/imports', { method: 'POST', body: '[]' })
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('an empty JSON document')])
})

test('a long file that is refused at its first bytes is read to its end, so that the sender gets to know', async () => {
  const { post } = await started()
  let pulled = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1
      controller.enqueue(new TextEncoder().encode('PK\u0003\u0004'.padEnd(65_536, 'x')))
      if (pulled === 20) controller.close()
    },
  })
  const answer = await post({ method: 'POST', body, duplex: 'half' } as RequestInit)
  expect([answer.status, pulled]).toEqual([400, 20])
})
