import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the Debian package is kept once it has been fetched. */
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/heliox-prometheus', import.meta.url))

/** `prometheus` and `promtool`: those on the PATH, or Debian's package, fetched once and unpacked without root; null: neither can be had. */
export function prometheusPrograms(): { prometheus: string; promtool: string } | null {
  const inFolder = (folder: string) => ({ prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') })
  const isThere = (folder: string) => Object.values(inFolder(folder)).every((file) => existsSync(file))
  const onPath = (process.env.PATH ?? '').split(':').find(isThere)
  if (onPath) return inFolder(onPath)
  const unpacked = join(CACHE, 'usr/bin')
  if (!isThere(unpacked)) fetchPackage()
  return isThere(unpacked) ? inFolder(unpacked) : null
}

function fetchPackage(): void {
  try {
    mkdirSync(CACHE, { recursive: true })
    execFileSync('apt-get', ['download', 'prometheus'], { cwd: CACHE, stdio: 'ignore', timeout: 120_000 })
    const file = readdirSync(CACHE).find((name) => name.endsWith('.deb'))
    if (file) execFileSync('dpkg', ['-x', file, '.'], { cwd: CACHE, stdio: 'ignore' })
  } catch {
    // no Debian, or no network: the caller says that there is none
  }
}

/** A real Prometheus that has these samples (OpenMetrics text, with times) and scrapes nothing. */
export async function startPrometheus(programs: { prometheus: string; promtool: string }, openMetrics: string) {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-prometheus-'))
  const [samples, data, config] = ['samples.txt', 'data', 'prometheus.yml'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(samples, openMetrics)
  writeFileSync(config, 'scrape_configs: []\n')
  execFileSync(programs.promtool, ['tsdb', 'create-blocks-from', 'openmetrics', samples, data], { stdio: 'ignore' })
  const port = await freePort()
  const child = spawn(
    programs.prometheus,
    [
      ...[`--config.file=${config}`, `--storage.tsdb.path=${data}`, '--storage.tsdb.retention.time=100y'],
      ...[`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'],
    ],
    { stdio: 'ignore' },
  )
  const url = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  for (let tries = 0; !(await isReady()); tries += 1) {
    if (tries > 300 || child.exitCode !== null) throw new Error('Prometheus does not start')
    await new Promise((resume) => setTimeout(resume, 100))
  }
  const close = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, close }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}
