/**
 * `node ops/check-rules.ts`: what is in ops/prometheus by the tools that will read it, and one real run: `npm start` on a folder
 * of its own, scraped by Prometheus, whose Alertmanager tells a receiver in Slack's place of a burst of errors, and of its end.
 * Needs promtool, prometheus, amtool and alertmanager (Debian: `apt-get install prometheus prometheus-alertmanager`).
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerJson, startUpstream } from '../worker/gateway/testing-upstream.ts'
import { startChild } from '../worker/local/start-child.ts'

const HERE = join(import.meta.dirname, 'prometheus')
const LONGEST_MS = 120_000
const CALL_EVERY_MS = 100
/** 2 minutes of the rules are so many seconds of the run, to look over and to hold for. */
const SHORT = { window: '10s', hold: '4s' } as const
const DEBIAN_ALERTMANAGER = 'prometheus-alertmanager'

type Line = { check: string; found: string; seconds: number }
const lines: Line[] = []

async function checked(check: string, work: () => string | Promise<string>): Promise<void> {
  const startedAt = Date.now()
  const found = await work()
  lines.push({ check, found, seconds: (Date.now() - startedAt) / 1000 })
}

/** What a tool says; throws with it where the tool is not content. Linters of metrics speak on their error output. */
function said(command: string, args: string[], input?: string): string {
  return execFileSync(command, args, { cwd: HERE, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], input }).trim()
}

const last = (text: string) => text.split('\n').at(-1)?.trim() ?? ''

function isThere(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => void server.close(closed))
  return port
}

async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + LONGEST_MS; Date.now() < end; ) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resume) => setTimeout(resume, 200))
  }
  throw new Error(`${what}: not within ${LONGEST_MS / 1000} s`)
}

type Message = { title: string; text: string }

/** Takes what Alertmanager would send to Slack. */
async function startReceiver() {
  const heard: Message[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { attachments = [] } = JSON.parse(Buffer.concat(pieces).toString()) as { attachments?: Message[] }
      heard.push(...attachments)
      response.end('ok')
    })
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/test`
  return { heard, url, close: () => server.close() }
}

/** The files as they are, but with short times and addresses of this run. */
function writeConfig(dir: string, of: { heliox: string; alertmanager: number; slack: string }): void {
  const read = (name: string) => readFileSync(join(HERE, name), 'utf8')
  const rules = read('rules.yml').replaceAll('[2m]', `[${SHORT.window}]`).replaceAll('for: 2m', `for: ${SHORT.hold}`)
  writeFileSync(join(dir, 'rules.yml'), rules)
  writeFileSync(
    join(dir, 'prometheus.yml'),
    read('prometheus.yml')
      .replaceAll('_interval: 15s', '_interval: 1s')
      .replace('127.0.0.1:9093', `127.0.0.1:${of.alertmanager}`)
      .replace('127.0.0.1:8787', new URL(of.heliox).host),
  )
  writeFileSync(join(dir, 'slack-webhook'), of.slack)
  writeFileSync(
    join(dir, 'alertmanager.yml'),
    read('alertmanager.yml')
      .replace('/etc/alertmanager/slack-webhook', join(dir, 'slack-webhook'))
      .replace('group_wait: 30s', 'group_wait: 1s')
      .replace('group_interval: 5m', 'group_interval: 2s'),
  )
}

async function realRun(alertmanager: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'heliox-rules-'))
  const children: ChildProcess[] = []
  let isWell = true
  const upstream = await startUpstream(({ response }) =>
    isWell
      ? response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson())
      : response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"injected"}}'),
  )
  const receiver = await startReceiver()
  const heliox = await startChild(join(dir, 'data'))
  let calling: NodeJS.Timeout | undefined
  try {
    const { adminApiKey } = JSON.parse(readFileSync(join(dir, 'data/secrets.json'), 'utf8')) as { adminApiKey: string }
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${adminApiKey}` }
    const post = (path: string, body: object) =>
      fetch(new URL(path, heliox.url), { method: 'POST', headers, body: JSON.stringify(body) })
    const backend = { name: 'stub', kind: 'openai-compatible', base_url: upstream.url, models: [{ model: 'small' }] }
    const made = await post('/api/v1/gateway/backends', backend)
    if (made.status !== 201) throw new Error(`no backend: ${await made.text()}`)
    const call = () => post('/v1/chat/completions', { model: 'small', messages: [{ role: 'user', content: 'hello' }] })
    const first = await call()
    if (first.status !== 200) throw new Error(`no answer: ${await first.text()}`)
    calling = setInterval(
      () =>
        void call()
          .then((one) => one.text())
          .catch(() => undefined),
      CALL_EVERY_MS,
    )

    await checked('promtool check metrics, of a running Heliox', async () => {
      const text = await (await fetch(new URL('/metrics', heliox.url))).text()
      said('promtool', ['check', 'metrics'], text)
      return `${text.split('\n').filter((line) => line.startsWith('# TYPE')).length} metrics, nothing to mend`
    })

    const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()]
    writeConfig(dir, { heliox: heliox.url, alertmanager: alertmanagerPort, slack: receiver.url })
    const run = (command: string, ...args: string[]) =>
      children.push(spawn(command, args, { cwd: dir, stdio: ['ignore', 'ignore', 'ignore'] }))
    run(
      alertmanager,
      ...['--config.file=alertmanager.yml', `--storage.path=${join(dir, 'alertmanager')}`, '--cluster.listen-address='],
      `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
    )
    run(
      'prometheus',
      ...['--config.file=prometheus.yml', `--storage.tsdb.path=${join(dir, 'prometheus')}`],
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
    )
    const query = async (expression: string): Promise<string | undefined> => {
      const address = `http://127.0.0.1:${prometheusPort}/api/v1/query?query=${encodeURIComponent(expression)}`
      const answer = await fetch(address).catch(() => null)
      if (!answer?.ok) return undefined
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } }
      return data.result[0]?.value[1]
    }
    await checked('Prometheus scrapes Heliox', async () => {
      const asked = 'sum(rate(api_requests_total{endpoint="/v1/chat/completions"}[10s])) > 0'
      const rate = await until('a scrape', () => query(asked))
      return `${Number(rate).toFixed(1)} calls a second`
    })
    const told = (status: 'FIRING' | 'RESOLVED') =>
      receiver.heard.filter(({ title }) => title === `[${status}] HighErrorRate`)
    await checked('5xx of a backend fire HighErrorRate', async () => {
      isWell = false
      const message = await until('an alert', () => told('FIRING')[0])
      return message.text.trim()
    })
    await checked('it resolves when the backend is well again', async () => {
      isWell = true
      const message = await until('its end', () => told('RESOLVED')[0])
      return message.title
    })
    const counts = `${told('FIRING').length} firing, ${told('RESOLVED').length} resolved`
    if (counts !== '1 firing, 1 resolved') throw new Error(`Slack was told more than once: ${counts}`)
    lines.push({ check: 'the receiver in Slack’s place was told once each', found: counts, seconds: 0 })
  } finally {
    clearInterval(calling)
    for (const child of children) child.kill('SIGTERM')
    await Promise.all(children.map((child) => child.exitCode ?? new Promise((ended) => child.once('exit', ended))))
    heliox.process.kill('SIGTERM')
    await heliox.ended
    receiver.close()
    await upstream.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

const alertmanager = isThere(DEBIAN_ALERTMANAGER) ? DEBIAN_ALERTMANAGER : 'alertmanager'
const missing = ['promtool', 'prometheus', 'amtool', alertmanager].filter((name) => !isThere(name))
if (missing.length > 0) {
  console.error(`Not installed: ${missing.join(', ')}. Debian: apt-get install prometheus prometheus-alertmanager`)
  process.exit(1)
}
let failure: unknown
try {
  await checked('promtool check rules', () => last(said('promtool', ['check', 'rules', 'rules.yml'])))
  await checked('promtool check config', () => last(said('promtool', ['check', 'config', 'prometheus.yml'])))
  await checked('promtool test rules', () => last(said('promtool', ['test', 'rules', 'rules.test.yml'])))
  await checked('amtool check-config', () => said('amtool', ['check-config', 'alertmanager.yml']).split('\n')[0] ?? '')
  await realRun(alertmanager)
} catch (error) {
  failure = error
}
const width = Math.max(...lines.map(({ check }) => check.length))
for (const { check, found, seconds } of lines)
  console.log(`ok    ${check.padEnd(width)}  ${`${seconds.toFixed(1)} s`.padStart(7)}  ${found}`)
if (failure) {
  const { stdout = '', stderr = '' } = failure as { stdout?: string; stderr?: string }
  console.error(`FAIL  ${failure instanceof Error ? failure.message : String(failure)}\n${stdout}${stderr}`)
  process.exit(1)
}
