import { spawn } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT, type Stack, startStack } from '../worker/local/stack.ts'

const COMMAND = join(ROOT, 'cli/heliox.mjs')
const SAMPLES = join(ROOT, 'seeds/samples')
const HEADER = 'date,provider,gpu_type,cost_usd\n'

let folder: string
let stack: Stack

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heliox-cli-'))
  const vars = { MAX_UPLOAD_MB: '0.1' }
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
  more: { input?: string; cwd?: string; env?: object } = {},
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
    child.stdin.end(more.input ?? '')
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...ended, code }))
  })
}
const heliox = (words: string[], more: { input?: string; env?: object } = {}) =>
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

test('a file that is too large for one request is sent again packed; from standard input it has to be asked for', async () => {
  const rows = Array.from({ length: 6_000 }, (_, at) => `2026-02-01,aws,gpu-${at},1.5\n`)
  const text = HEADER + rows.join('')
  expect(text.length).toBeGreaterThan(0.1 * 1024 * 1024)
  const ended = await heliox(['import', file('large.csv', text), '--source', 'large'])
  expect(ended).toMatchObject({ code: 0 })
  expect(ended.err).toContain('sending it again, packed')
  expect(ended.out).toContain('6000 rows stored')
  const piped = await heliox(['import', '-', '--source', 'large'], { input: text })
  expect(piped.code).toBe(1)
  expect(piped.err).toContain('--gzip')
  expect(await heliox(['import', '-', '--gzip', '--source', 'large'], { input: text })).toMatchObject({ code: 0 })
})

test('a file of no format and one that is another than stated: code 1 and the server’s reason', async () => {
  const name = file('letter.txt', 'Dear all,\n')
  const none = await heliox(['import', name])
  expect([none.code, none.out]).toEqual([1, ''])
  expect(none.err).toContain('The file is none of the formats')
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
  const broken = await answered((request) => {
    request.once('data', () => request.socket.destroy())
  })
  expect([broken.code, broken.err]).toEqual([1, expect.stringContaining('changes nothing: send it again')])
})

test('an import that the server has put off is waited for to its end', async () => {
  const sums = {
    stored_cost_usd: '5.00',
    file_cost_usd: '5.00',
    quarantined_cost_usd: '0.00',
    rounding_cost_usd: '0.00',
  }
  const counts = { total_records: 1, inserted: 1, updated: 0, unchanged: 0, failed: 0, skipped: 0, removed: 0 }
  const told = (state: string) => ({
    ...{ status: state === 'success' ? 'success' : 'partial_success', state, message: `it is ${state}` },
    ...{ import_id: 'imp_7', format: 'cost-csv', dry_run: false },
    result: { ...counts, errors: [], totals: { ...sums, gpu_hours: '0' } },
  })
  const asked: string[] = []
  const states = ['queued', 'storing', 'success']
  const ended = await withServer(
    (request, response) => {
      asked.push(`${request.method} ${request.url?.split('?')[0]}`)
      request.resume().on('end', () => response.end(JSON.stringify(told(states[asked.length - 1] ?? ''))))
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
  const command = ['heliox', 'import-file', 'options', 'progress', 'request', 'words'].map((name) => `cli/${name}.mjs`)
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
