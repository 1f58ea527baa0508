import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './stack.ts'

const SOURCES = ['worker', 'web', 'db', 'seeds', 'wrangler.toml', 'package-lock.json', 'tsconfig.json']
const BUILT = ['dist/worker/index.js', 'dist/web/index.html']

/** Builds page and Worker if a source is newer than what was built. Answers whether it did. */
export function buildIfNeeded(): boolean {
  const built = BUILT.map((file) => join(ROOT, file)).map((file) => (existsSync(file) ? statSync(file).mtimeMs : 0))
  if (newest(SOURCES.map((name) => join(ROOT, name))) <= Math.min(...built)) return false
  execFileSync('npm', ['run', '-s', 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  return true
}

function newest(paths: readonly string[]): number {
  const times = paths.map((path) => {
    const stat = statSync(path)
    if (!stat.isDirectory()) return stat.mtimeMs
    return newest(
      readdirSync(path)
        .filter((name) => !name.includes('.test.'))
        .map((name) => join(path, name)),
    )
  })
  return Math.max(0, ...times)
}
