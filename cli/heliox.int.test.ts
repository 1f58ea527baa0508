import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT, type Stack, startStack } from '../worker/local/stack.ts'

const COMMAND = join(ROOT, 'cli/heliox.mjs')
const SAMPLES = join(ROOT, 'seeds/samples')
const COMMAND_PARTS = [
  ...['follow-import', 'give-up', 'heliox', 'import-file', 'options', 'progress', 'request'],
  ...['send-large', 'send-parts', 'send-whole', 'source', 'try-again', 'words'],
]
const HEADER = 'date,provider,gpu_type,cost_usd\n'

let folder: string
let stack: Stack

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heliox-cli-'))
  const vars = { MAX_UPLOAD_MB: '1' }
  stack = await startStack({ dataDir: join(folder, 'data'), isQuiet: true, synchronous: 'NORMAL', vars })
}, 120_000)
afterAll(async () => {
  await stack?.close()
  rmSync(folder, { recursive: true, force: true })
})

type Ended = { code: number | null; out: string; err: string }

/** Runs a command to its end; not the waiting kind, as the database of the Worker lives in this process. */
function run(
  command: string,
  words: string[],
  more: { input?: string; cwd?: string; env?: object; onStart?: (child: ChildProcess) => void } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, HOME: folder, ...more.env } as unknown as NodeJS.ProcessEnv
    const child = spawn(command, words, { cwd: more.cwd ?? folder, env, shell: process.platform === 'win32' })
    const ended: Ended = { code: null, out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ended.out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ended.err += text
    })
    child.stdin.on('error', () => undefined) // it may have said no before it has read all
    more.onStart?.(child)
    child.stdin.end(more.input ?? '')
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...ended, code }))
  })
}
const heliox = (words: string[], more: Parameters<typeof run>[2] = {}) =>
  run(process.execPath, [COMMAND, ...words], {
    ...more,
    env: { HELIOX_URL: stack.url.href, HELIOX_KEY: stack.adminApiKey, ...more.env },
  })
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

test('a file is imported, its counts and dollars are printed, and the same file again is known', async () => {
  const first = await heliox(['import', join(SAMPLES, 'focus.csv')])
  expect(first).toMatchObject({ code: 0, err: '' })
  expect(first.out).toContain('9 rows stored')
  expect(first.out).toContain('focus-csv')
  expect(first.out).toContain('9 read, 9 new, 0 known (0 unchanged)')
  expect(first.out).toContain('10712.40079333234 in the file = ')
  const second = await heliox(['import', join(SAMPLES, 'focus.csv')])
  expect(second.out).toContain('9 read, 0 new, 9 known (9 unchanged)')
})

test('standard input is a file too: sacct | heliox import -', async () => {
  const input = readFileSync(join(SAMPLES, 'sacct.psv'), 'utf8')
  const ended = await heliox(['import', '-', '--format', 'slurm-sacct', '--source', 'piped'], { input })
  expect(ended).toMatchObject({ code: 0, err: '' })
  expect(ended.out).toContain('slurm-sacct')
  expect((await heliox(['import', '-'])).err).toContain('The file is empty')
})

test('some rows quarantined: code 3, and each with its line, column, reason and dollars', async () => {
  const name = file('partly.csv', `${HEADER}2026-02-01,aws,h100,5\n2026-02-30,aws,h100,7.25\n`)
  const ended = await heliox(['import', name, '--source', 'partly'])
  expect(ended.code).toBe(3)
  expect(ended.out).toContain('1 of 2 rows stored, 1 quarantined')
  expect(ended.out).toMatch(/line 3, date: .*"2026-02-30".* \(7\.25 USD\)/)
})

test('a dry run says so and stores nothing; --json prints the answer on one line', async () => {
  const name = file('dry.csv', `${HEADER}2026-02-01,aws,h100,5\n`)
  const dry = await heliox(['import', name, '--dry-run', '--source', 'dry'])
  expect(dry).toMatchObject({ code: 0 })
  expect(dry.out).toContain('nothing is stored')
  const whole = await heliox(['import', name, '--json', '--source', 'dry', '--file-name', 'other.csv'])
  expect(whole.out.trimEnd().split('\n')).toHaveLength(1)
  expect(JSON.parse(whole.out)).toMatchObject({ status: 'success', format: 'cost-csv', result: { inserted: 1 } })
})

/** A cost file of some megabytes, its rows and its dollars: row n costs n cents. */
function large(rows: number): { text: string; rows: number; usd: string } {
  const note = 'x'.repeat(82)
  const day = (at: number) => `2026-0${1 + (at % 9)}-${10 + (at % 17)}`
  const cents = Array.from({ length: rows }, (_, at) => at + 1)
  const lines = cents.map((cent, at) => `${day(at)},aws,gpu-${at},${(cent / 100).toFixed(2)},${note}\n`)
  const sum = (rows * (rows + 1)) / 2
  const text = `date,provider,gpu_type,cost_usd,note\n${lines.join('')}`
  return { text, rows, usd: `${Math.floor(sum / 100)}.${String(sum % 100).padStart(2, '0')}` }
}
const MEGABYTE = 1024 * 1024

test('a file that is too large for one request goes in parts, and its counts and dollars are exact', async () => {
  const { text, rows, usd } = large(28_000)
  expect(text.length).toBeGreaterThan(3 * MEGABYTE)
  const name = file('large.csv', text)
  const { ended, requests } = await through({}, (url) => heliox(['import', name, '--source', 'large', '--url', url]))
  expect(ended).toMatchObject({ code: 0, err: '' })
  expect(ended.out).toContain(`${rows} read, ${rows} new`)
  expect(ended.out).toContain(`${usd} in the file = ${usd} stored`)
  expect(requests.filter((line) => /^PUT .*\/parts\/\d+ /.test(line))).toHaveLength(1)
  expect(requests).toEqual(expect.arrayContaining([expect.stringMatching(/^POST .*file_name=large.csv.*bytes=\d+ /)]))
  const packed = await heliox(['import', name, '--source', 'large', '--gzip', '--dry-run', '--json'])
  expect(JSON.parse(packed.out)).toMatchObject({ state: 'success', dry_run: true, result: { unchanged: rows } })
})

test('standard input of any length is sent too: more than a part of it in parts', async () => {
  const { text, rows, usd } = large(28_000)
  const piped = await heliox(['import', '-', '--source', 'piped-large'], { input: text })
  expect(piped).toMatchObject({ code: 0, err: '' })
  expect(piped.out).toContain(`${rows} read, ${rows} new`)
  expect(piped.out).toContain(`${usd} in the file = ${usd} stored`)
  const jobs = Array.from({ length: 80_000 }, (_, at) => `j${at},red,m,aws,h100,2,2026-02-01T00:00:00Z,${LATER}\n`)
  const input = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status,note\n${jobs.join('')}`
  expect(input.length).toBeGreaterThan(8 * MEGABYTE)
  const { ended, requests } = await through({}, (url) => heliox(['import', '-', '--quiet', '--url', url], { input }))
  expect(ended, ended.err).toMatchObject({ code: 0 })
  expect(ended.out).toContain('80000 read, 80000 new')
  expect(requests.filter((line) => /^PUT .*\/parts\/\d+ /.test(line))).toHaveLength(2)
}, 120_000)
const LATER = `2026-02-01T01:00:00Z,completed,${'y'.repeat(60)}`

test('a connection that breaks once: the file is sent again, and every row is counted once', async () => {
  const { text, rows, usd } = large(8_000)
  expect(text.length).toBeLessThan(MEGABYTE)
  const name = file('broken.csv', text)
  const breaking = { from: /^POST [^ ]*\/imports/, afterBytes: 600_000 }
  const { ended, requests } = await through(breaking, (url) =>
    heliox(['import', name, '--source', 'broken', '--url', url]),
  )
  expect(ended, ended.err).toMatchObject({ code: 0 })
  expect(ended.out).toContain(`${rows} read, ${rows} new, 0 known`)
  expect(ended.out).toContain(`${usd} in the file = ${usd} stored`)
  expect(requests.filter((line) => line.startsWith('POST /api/v1/imports?resume=imp_'))).toHaveLength(2)
  const dry = await through(breaking, (url) =>
    heliox(['import', name, '--source', 'broken', '--dry-run', '--json', '--url', url]),
  )
  expect(JSON.parse(dry.ended.out)).toMatchObject({ state: 'success', dry_run: true, result: { unchanged: rows } })
})

test('an answer that is lost is asked for: the file is sent once; a line that never holds ends in words', async () => {
  const { text, rows, usd } = large(4_000)
  const lost = { from: /^POST [^ ]*\/imports/, isAnswerLost: true }
  const { ended, requests } = await through(lost, (url) =>
    heliox(['import', '-', '--source', 'lost', '--url', url], { input: text }),
  )
  expect(ended, ended.err).toMatchObject({ code: 0 })
  expect(ended.out).toContain(`${rows} read, ${rows} new`)
  expect(ended.out).toContain(`${usd} in the file = ${usd} stored`)
  expect(requests.filter((line) => line.startsWith('POST /api/v1/imports'))).toHaveLength(1)
  const never = { from: /^POST [^ ]*\/imports/, afterBytes: 100_000, isAlways: true }
  const name = file('never.csv', text)
  const gone = await through(never, (url) => heliox(['import', name, '--source', 'lost', '--url', url]))
  expect([gone.ended.code, gone.ended.err]).toEqual([1, expect.stringContaining('changes nothing: send it again')])
  expect(gone.requests.filter((line) => line.startsWith('POST /api/v1/imports'))).toHaveLength(4)
})

test('a large file that nobody can read: code 1 and the reason', async () => {
  const name = file('letters.txt', 'Dear all,\n'.repeat(150_000))
  const ended = await heliox(['import', name])
  expect([ended.code, ended.out]).toEqual([1, ''])
  expect(ended.err).toContain('Heliox does not recognise the file')
  const told = await heliox(['import', name, '--json'])
  expect([told.code, JSON.parse(told.out)]).toEqual([1, expect.objectContaining({ state: 'failed' })])
})

test('a part that does not arrive is sent again', async () => {
  const { text, rows, usd } = large(28_000)
  const { ended, requests } = await through({ from: /^PUT /, afterBytes: MEGABYTE }, (url) =>
    heliox(['import', file('parts.csv', text), '--source', 'parts', '--url', url]),
  )
  expect(ended, ended.err).toMatchObject({ code: 0 })
  expect(ended.out).toContain(`${rows} read, ${rows} new`)
  expect(ended.out).toContain(`${usd} in the file = ${usd} stored`)
  expect(requests.filter((line) => line.startsWith('PUT '))).toHaveLength(2)
})

test.each([
  ['in parts', 28_000, /^PUT /],
  ['at once', 8_000, /^POST [^ ]*\/imports\?/],
])(
  'Ctrl+C while a file is sent %s: it is cancelled, nothing of it is stored, and the code is 130',
  async (_how, rows, from) => {
    const name = file('stopped.csv', large(rows).text)
    let stop: () => void = () => undefined
    const stalling = { from, afterBytes: 300_000, isStalling: true, onBreak: () => stop() }
    const { ended } = await through(stalling, (url) => {
      const onStart = (child: ChildProcess) => {
        stop = () => void child.kill('SIGINT')
      }
      return heliox(['import', name, '--source', 'stopped', '--url', url], { onStart })
    })
    expect([ended.code, ended.out]).toEqual([130, ''])
    const id = /(imp_\d+) is cancelled/.exec(ended.err)?.[1]
    const headers = { 'x-api-key': stack.adminApiKey }
    const seen = await fetch(new URL(`/api/v1/imports/${id}`, stack.url), { headers })
    expect(await seen.json()).toMatchObject({ state: 'cancelled', result: { inserted: 0 } })
  },
)

test('a server that keeps no files gets a large one packed; what is too large even then is told what to do', async () => {
  const { text } = large(28_000)
  const answered: { path: string; text: string }[] = []
  const withoutBucket = (limit: number) => (input: string | undefined, words: string[]) =>
    withServer(
      (request, response) => {
        const pieces: Buffer[] = []
        request.on('data', (piece: Buffer) => pieces.push(piece))
        request.on('end', () => {
          const bytes = Buffer.concat(pieces)
          const path = `${request.method} ${request.url}`
          const [status, answer] = path.startsWith('POST /api/v1/uploads')
            ? [201, { upload_id: 'imp_9', part_bytes: MEGABYTE, most_bytes_at_once: limit }]
            : path.startsWith('PUT')
              ? [503, { error: { code: 'uploads.not_set_up', message: 'This deployment keeps no files' } }]
              : bytes.length > limit
                ? [413, { error: { code: 'ingest.too_large', message: 'The file is larger: send it in parts' } }]
                : [200, told('success')]
          if (status === 200) answered.push({ path, text: gunzipSync(bytes).toString() })
          response.writeHead(Number(status)).end(JSON.stringify(answer))
        })
      },
      (url) => heliox(['import', ...words, '--url', url], input === undefined ? {} : { input }),
    )
  const name = file('kept.csv', text)
  const path = await withoutBucket(MEGABYTE)(undefined, [name])
  expect([path.code, path.err]).toEqual([0, expect.stringContaining('packed')])
  expect(await withoutBucket(MEGABYTE)(text, ['-'])).toMatchObject({ code: 0 })
  expect(answered).toEqual(Array(2).fill({ path: 'POST /api/v1/imports?resume=imp_9', text }))
  const tooLarge = await withoutBucket(1_000)(undefined, [name])
  expect([tooLarge.code, tooLarge.err]).toEqual([1, expect.stringMatching(/--part.*MAX_UPLOAD_MB/)])
})

test('a file of no format and one that is another than stated: code 1 and the server’s reason', async () => {
  const name = file('letter.txt', 'Dear all,\n')
  const none = await heliox(['import', name])
  expect([none.code, none.out]).toEqual([1, ''])
  expect(none.err).toContain('Heliox does not recognise the file')
  const other = await heliox(['import', name, '--format', 'focus-csv', '--json'])
  expect(other.code).toBe(1)
  expect(JSON.parse(other.out)).toMatchObject({ error: { code: 'ingest.wrong_format' } })
})

test('a key that is wrong or may not import, a file that is not there, a folder: one sentence each and code 1', async () => {
  const sample = join(SAMPLES, 'cost.csv')
  const wrong = await heliox(['import', sample, '--key', 'hlx_nobody_knows_this_key'])
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('The key is not known')])
  const made = await fetch(new URL('/api/v1/keys', stack.url), {
    method: 'POST',
    headers: { 'x-api-key': stack.adminApiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'reader', scopes: ['models:read'] }),
  })
  expect(made.status).toBe(201)
  const { key } = (await made.json()) as { key: string }
  const reader = await heliox(['import', sample], { env: { HELIOX_KEY: key } })
  expect([reader.code, reader.err]).toEqual([1, expect.stringContaining('The key may not do that')])
  const missing = await heliox(['import', join(folder, 'nowhere.csv')])
  expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('There is no file')])
  expect((await heliox(['import', folder])).err).toContain('is a folder')
})

test.each([
  [[], 'say what to do'],
  [['export'], 'there is no command export'],
  [['import'], 'say which file'],
  [['import', 'a.csv', 'b.csv'], 'one file at a time'],
  [['import', 'a.csv', '--frobnicate'], "Unknown option '--frobnicate'"],
  [['import', 'a.csv', '--url', 'heliox.example.com'], 'is no address'],
  [['import', 'a.csv', '--key', ''], 'a key is needed'],
])('wrong usage %j: code 2 and what is wrong', async (words, said) => {
  const ended = await heliox(words)
  expect([ended.code, ended.out]).toEqual([2, ''])
  expect(ended.err).toContain(said)
  expect(ended.err).toContain('heliox --help')
})

test('nobody at the address, something that is not Heliox, one that sends on and one that hangs up', async () => {
  const sample = join(SAMPLES, 'cost.csv')
  const nobody = await heliox(['import', sample, '--url', await withServer(null, async (url) => url)])
  expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('Nothing answers at http://127.0.0.1:')])
  const answered = (listener: RequestListener) =>
    withServer(listener, (url) => heliox(['import', sample, '--url', url]))
  const page = await answered((request, response) => {
    request.resume().on('end', () => response.end('<html>'))
  })
  expect([page.code, page.err]).toEqual([1, expect.stringContaining('is not Heliox')])
  const moved = await answered((request, response) => {
    request.resume().on('end', () => response.writeHead(308, { location: 'https://there.example' }).end())
  })
  expect([moved.code, moved.err]).toEqual([1, expect.stringContaining('use that one with --url')])
  const broken = await answered((request, response) => {
    if (request.url?.startsWith('/api/v1/uploads')) response.writeHead(404).end('{}')
    else request.once('data', () => request.socket.destroy())
  })
  expect([broken.code, broken.err]).toEqual([1, expect.stringContaining('changes nothing: send it again')])
})

/** What the server answers about an import of one row. */
function told(state: string) {
  const sums = {
    stored_cost_usd: '5.00',
    file_cost_usd: '5.00',
    quarantined_cost_usd: '0.00',
    rounding_cost_usd: '0.00',
  }
  const counts = { total_records: 1, inserted: 1, updated: 0, unchanged: 0, failed: 0, skipped: 0, removed: 0 }
  return {
    ...{ status: state === 'success' ? 'success' : 'partial_success', state, message: `it is ${state}` },
    ...{ import_id: 'imp_7', format: 'cost-csv', dry_run: false },
    result: { ...counts, errors: [], totals: { ...sums, gpu_hours: '0' } },
  }
}

test('an import that an older server has put off is waited for to its end', async () => {
  const asked: string[] = []
  const states = ['queued', 'storing', 'success']
  const ended = await withServer(
    (request, response) => {
      const path = `${request.method} ${request.url?.split('?')[0]}`
      const isKnown = !/uploads$|events$/.test(path)
      if (isKnown) asked.push(path)
      const answer = isKnown ? told(states[asked.length - 1] ?? '') : { error: { message: 'There is no such path' } }
      request.resume().on('end', () => response.writeHead(isKnown ? 200 : 404).end(JSON.stringify(answer)))
    },
    (url) => heliox(['import', join(SAMPLES, 'cost.csv'), '--url', `${url}/below`]),
  )
  expect(asked).toEqual(['POST /below/api/v1/imports', ...Array(2).fill('GET /below/api/v1/imports/imp_7')])
  expect([ended.code, ended.out.split('\n')[0]]).toEqual([0, 'it is success'])
})

test('the packed command runs elsewhere with nothing but Node, and brings no more than it needs', async () => {
  const clone = join(folder, 'clone')
  const elsewhere = join(folder, 'elsewhere')
  for (const made of [clone, join(clone, 'ops'), elsewhere]) mkdirSync(made)
  for (const name of ['package.json', 'README.md', 'ops/pack-manifest.mjs'])
    copyFileSync(join(ROOT, name), join(clone, name))
  cpSync(join(ROOT, 'cli'), join(clone, 'cli'), { recursive: true })
  writeFileSync(join(clone, '.dev.vars'), 'SECRET_KEY=x')
  const packed = await run('npm', ['pack', '--json', '--pack-destination', elsewhere], { cwd: clone })
  expect(packed.code, packed.err).toBe(0)
  expect(readFileSync(join(clone, 'package.json'), 'utf8')).toBe(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const tarball = readdirSync(elsewhere).find((name) => name.endsWith('.tgz')) ?? ''
  writeFileSync(join(elsewhere, 'package.json'), '{"private": true}')
  const offline = ['--offline', '--no-audit', '--no-fund', '--no-update-notifier']
  const installed = await run('npm', ['install', ...offline, `./${tarball}`], { cwd: elsewhere })
  expect(installed.code, installed.err).toBe(0)
  const inside = join(elsewhere, 'node_modules/heliox')
  const names = readdirSync(inside, { recursive: true, encoding: 'utf8' })
  const command = COMMAND_PARTS.map((name) => `cli/${name}.mjs`)
  expect(names.map((name) => name.replaceAll('\\', '/')).sort()).toEqual(
    ['README.md', 'cli', ...command, 'package.json'].sort(),
  )
  expect(Object.keys(JSON.parse(readFileSync(join(inside, 'package.json'), 'utf8')) as object)).not.toContain('scripts')
  const env = { HELIOX_URL: stack.url.href, HELIOX_KEY: stack.adminApiKey }
  const npx = (words: string[]) => run('npx', ['--offline', 'heliox', ...words], { cwd: elsewhere, env })
  const help = await npx(['--help'])
  expect([help.code, help.out]).toEqual([0, expect.stringContaining('HELIOX_KEY')])
  const imported = await npx(['import', join(SAMPLES, 'cost.csv'), '--source', 'packed'])
  expect(imported.code, imported.err).toBe(0)
  expect(imported.out).toContain('8 rows stored')
}, 120_000)

/** Something that listens while `use` runs; null: that has just stopped to. */
async function withServer<T>(listener: RequestListener | null, use: (url: string) => Promise<T>): Promise<T> {
  const server: Server = createServer(listener ?? undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const closed = () =>
    new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  if (!listener) await closed()
  try {
    return await use(url)
  } finally {
    if (listener) await closed()
  }
}

type Breaking = {
  from?: RegExp
  afterBytes?: number
  isAnswerLost?: boolean
  isStalling?: boolean
  isAlways?: boolean
  onBreak?: () => void
}

/**
 * A line to the server that breaks (or stalls) once, or always: a connection that begins with `from`, after so many bytes or
 * when the answer comes.
 * Answers what came of it and how each connection began: each carries one request.
 */
async function through(
  { from, afterBytes = 0, isAnswerLost, isStalling, isAlways, onBreak }: Breaking,
  use: (url: string) => Promise<Ended>,
): Promise<{ ended: Ended; requests: string[] }> {
  const requests: string[] = []
  const open = new Set<Socket>()
  let isBroken = false
  const line = createTcpServer((client) => {
    const server = connect(Number(stack.url.port), '127.0.0.1')
    let bytes = 0
    let isChosen = false
    for (const [one, other] of [[client, server] as const, [server, client] as const]) {
      open.add(one)
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
    }
    const breakOff = () => {
      isBroken = true
      for (const socket of [client, server]) socket.destroy()
    }
    server.on('data', (piece: Buffer) => {
      if (isChosen && isAnswerLost) breakOff()
      else client.write(piece)
    })
    server.on('end', () => client.end())
    client.on('data', (piece: Buffer) => {
      if (bytes === 0) {
        const first = piece.toString('latin1').split('\r\n')[0] ?? ''
        requests.push(first)
        isChosen = (isAlways || !isBroken) && from !== undefined && from.test(first)
      }
      bytes += piece.length
      if (!isChosen || isAnswerLost || bytes < afterBytes) {
        if (!server.write(piece)) {
          client.pause()
          server.once('drain', () => client.resume())
        }
        return
      }
      if (isBroken && !isAlways) return
      isBroken = true
      if (isStalling) client.pause()
      else breakOff()
      onBreak?.()
    })
  })
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
  try {
    const ended = await use(`http://127.0.0.1:${(line.address() as AddressInfo).port}`)
    expect(isBroken).toBe(from !== undefined)
    return { ended, requests }
  } finally {
    for (const socket of open) socket.destroy()
    await new Promise((resolve) => line.close(resolve))
  }
}
