import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest'
import { buildClient } from '../ops/build-client.ts'
import { ROOT, type Stack, startStack } from '../worker/local/stack.ts'
import type { AppRouter as ServerRouter } from '../worker/router.ts'
import type { HelioxErrorShape } from './errors.ts'

/** Not the waiting kind: the database of the Worker lives in this process. */
const run = promisify(execFile)

let folder: string
let project: string
let stack: Stack

/** A project elsewhere that has nothing of this repository but the packed client, and what it asks for beside it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heliox-client-'))
  project = join(folder, 'project')
  mkdirSync(project)
  const built = await buildClient()
  npm(built, 'pack', '--pack-destination', folder)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  write('package.json', JSON.stringify({ name: 'elsewhere', private: true, type: 'module' }))
  // Without the network: the peers are the ones that are here.
  npm(project, 'install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', `../${tarball}`)
  mkdirSync(join(project, 'node_modules/@trpc'))
  for (const name of ['@trpc/client', '@trpc/server', 'typescript'])
    symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name), 'junction')
  stack = await startStack({ dataDir: join(folder, 'data'), isQuiet: true, synchronous: 'NORMAL' })
}, 120_000)
afterAll(async () => {
  await stack?.close()
  rmSync(folder, { recursive: true, force: true })
})

const write = (name: string, text: string) => writeFileSync(join(project, name), text)
const npm = (cwd: string, ...args: string[]) =>
  execFileSync('npm', ['--loglevel', 'error', ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })

const GOOD = `import { createTRPCClient, httpLink } from '@trpc/client'
import { type AppRouter, createHelioxClient, helioxErrorCode, helioxErrorData, type HelioxOutputs } from 'heliox-client'

const [url = '', key = ''] = process.argv.slice(2)
const heliox = createHelioxClient({ url, key })
const range = { start: '2026-01-01', end: '2026-01-14' }
const [daily, bill, list] = await Promise.all([
  heliox.analytics.daily.query({ ...range, groupBy: 'provider' }),
  heliox.analytics.reconciliation.query(range),
  heliox.imports.list.query({ limit: 5 }),
])
const first: HelioxOutputs['imports']['list']['imports'][number] | undefined = list.imports[0]
const total: string = daily.totalCostUsd
const id: \`imp_\${number}\` | undefined = first?.importId
const code = await heliox.imports.get.query({ importId: 'imp_4711' }).catch(helioxErrorCode)
const refused = await createHelioxClient({ url, key: 'wrong' }).imports.formats.query().catch(helioxErrorData)
const nobody = await createHelioxClient({ url: 'http://127.0.0.1:1', key }).imports.formats.query().catch(helioxErrorCode)
const own = createTRPCClient<AppRouter>({ links: [httpLink({ url: new URL('/trpc', url), headers: { 'x-api-key': key } })] })
const { user } = await own.auth.me.query()
console.log(JSON.stringify({ total, difference: bill.differenceUsd, id, code, refused, nobody, role: user?.role }))
`
const WRONG = `import { createHelioxClient } from 'heliox-client'
const heliox = createHelioxClient({ url: 'http://x', key: '' })
const { rows } = await heliox.analytics.byTeam.query({ start: '2026-01-01', end: '2026-01-14' })
rows[0]?.totalCostEur
await heliox.analytics.byTeam.query({ start: '2026-01-01' })
await heliox.imports.get.query({ importId: 7 })
await heliox.teapots.list.query()
`

test('a project elsewhere installs the packed client, type-checks, and gets answers from a running Heliox', async () => {
  write('good.ts', GOOD)
  expect(typeErrors('good.ts')).toEqual([])
  const headers = { 'x-api-key': stack.adminApiKey }
  const body = 'date,provider,gpu_type,cost_usd\n2026-01-05,aws,h100,12.345\n'
  await fetch(new URL('/api/v1/imports?format=cost-csv', stack.url), { method: 'POST', headers, body })
  const ran = await run(process.execPath, ['good.ts', stack.url.href, stack.adminApiKey], { cwd: project })
  expect(JSON.parse(ran.stdout)).toEqual({
    ...{ total: '12.345', difference: '0.00', id: 'imp_1', role: 'admin' },
    ...{ code: 'ingest.no_import', nobody: null },
    refused: {
      ...{ code: 'UNAUTHORIZED', httpStatus: 401, errorCode: 'auth.invalid_token', details: [] },
      requestId: expect.stringMatching(/^[\w-]{36}$/),
    },
  })
})

test('a field that is not answered, one that is missing and one of the wrong kind do not type-check', () => {
  write('wrong.ts', WRONG)
  const errors = typeErrors('wrong.ts')
  expect(errors.map((line) => /^wrong\.ts\((\d+)/.exec(line)?.[1])).toEqual(['4', '5', '6', '7'])
  expect(errors[0]).toContain('totalCostEur')
})

test('what the client says about errors is what the server sends', () => {
  expectTypeOf<ServerRouter['_def']['_config']['$types']['errorShape']>().toExtend<HelioxErrorShape>()
})

test('the declarations name nothing of the server and stay readable', () => {
  const installed = join(project, 'node_modules/heliox-client')
  expect(readdirSync(installed).sort()).toEqual(
    ['README.md', 'errors.d.ts', 'index.d.ts', 'index.js', 'package.json', 'router.d.ts'].sort(),
  )
  const text = readFileSync(join(installed, 'router.d.ts'), 'utf8')
  expect(text).not.toMatch(/drizzle|libsql|hono|lucia|zod|worker\/|db\//i)
  expect(text).not.toMatch(/: (any|never|\{\});|(?<!\[x: string\]): unknown;/)
  expect(text).toMatch(/totalCostUsd: `\$\{number\}`;/)
  expect(text.length).toBeLessThan(400_000)
})

/** What the compiler says about one file, its declarations included; an empty list is a clean bill. */
function typeErrors(file: string): string[] {
  const types = {
    skipLibCheck: false,
    types: [],
    lib: ['es2024', 'esnext.disposable', 'dom', 'dom.iterable'],
    noEmit: true,
    strict: true,
  }
  const compilerOptions = { ...types, module: 'nodenext', target: 'es2024', exactOptionalPropertyTypes: true }
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: [file, 'node.d.ts'] }))
  write('node.d.ts', 'declare const process: { argv: string[] }\n')
  const tsc = join(project, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '--pretty', 'false'], { cwd: project, encoding: 'utf8' })
  return stdout.split('\n').filter((line) => /^\S/.test(line))
}
