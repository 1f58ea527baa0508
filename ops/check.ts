/** `npm run check`: format, lint, types of each side, migrations up to date, page and Worker bundle. Needs no network. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pageWeight } from './page-weight.ts'
import { rawValues } from './raw-values.ts'

const root = join(import.meta.dirname, '..')

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })

const steps: Record<string, () => void> = {
  'format and lint': () => run('biome', 'ci', '.'),
  'styles say tokens': stylesSayTokens,
  'Worker types are generated': () => run('wrangler', 'types'),
  'types of the Worker': () => tsc('worker'),
  'types of the page': () => tsc('web'),
  'types of Node': () => tsc('node'),
  'the typed client builds': () => run('npm', 'run', '-s', 'build:client'),
  'migrations are up to date': migrationsUpToDate,
  'page and Worker bundle': () => run('npm', 'run', '-s', 'build'),
  'the page is light': pageIsLight,
  'the lockfile names no host': lockfileNamesNoHost,
}

for (const [what, step] of Object.entries(steps)) {
  const startedAt = Date.now()
  try {
    step()
    console.log(`ok    ${what} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`)
  } catch (error) {
    const output = (error as { stdout?: string }).stdout ?? ''
    console.log(`FAIL  ${what}\n${output || String(error)}`)
    process.exit(1)
  }
}

function tsc(side: string): void {
  run('tsc', '-p', `tsconfig.${side}.json`)
}

/** drizzle-kit says so itself when the schema and the last snapshot differ: it would write a file. */
function migrationsUpToDate(): void {
  const migrations = join(root, 'db/migrations')
  const before = readdirSync(migrations).length
  const said = run('drizzle-kit', 'generate')
  if (readdirSync(migrations).length !== before || !/No schema changes/.test(said))
    throw new Error('the schema has changed: run npm run db:generate and commit the migration')
  for (const name of readdirSync(migrations).filter((file) => /^\d{4}_.*(?<!\.down)\.sql$/.test(file)))
    if (!/\S/.test(readFileSync(join(migrations, name.replace(/\.sql$/, '.down.sql')), 'utf8').replace(/^--.*$/gm, '')))
      throw new Error(`${name} has no rollback beside it`)
}

function stylesSayTokens(): void {
  const raw = rawValues(join(root, 'web/styles'))
  if (raw.length > 0) throw new Error(`these belong into tokens.css:\n${raw.join('\n')}`)
}

function pageIsLight(): void {
  for (const line of pageWeight(join(root, 'dist/web'))) console.log(`      ${line}`)
  console.log(`      Worker ${Math.round(statSync(join(root, 'dist/worker/index.js')).size / 1024)} kB`)
}

function lockfileNamesNoHost(): void {
  if (readFileSync(join(root, 'package-lock.json'), 'utf8').includes('"resolved"'))
    throw new Error('package-lock.json names a registry host: keep .npmrc and write it again')
}
