import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startGateway } from './gateway-heliox.ts'
import type { Load, Loaded } from './gateway-load.ts'
import { PORTKEY, startPortkey } from './gateway-portkey.ts'
import type { Measurement, Outcome } from './run.ts'
import type { Table } from './table.ts'
import { msText } from './times.ts'

const ROUNDS = 5
const [SECONDS, WARM_SECONDS, FIRST_WARM_SECONDS] = [3, 0.5, 3]
const CASES = [
  { name: 'JSON, 1 connection', isStream: false, connections: 1 },
  { name: 'JSON, 32 connections', isStream: false, connections: 32 },
  { name: 'SSE, 1 connection', isStream: true, connections: 1 },
  { name: 'SSE, 32 connections', isStream: true, connections: 32 },
] as const
type CaseName = (typeof CASES)[number]['name']

const DIRECT = 'upstream itself'
const SERVED = 'Heliox on workerd'
const IN_MINIFLARE = 'Heliox in Miniflare'
type Target = { name: string; url: string; headers: Record<string, string> }
/** Of one target: by case, one for each round. */
type Runs = Map<string, Loaded[]>

/**
 * What the gateway puts on top of a provider, metering on, beside Portkey's gateway (which stores nothing) before the same
 * provider. All are asked in turn, round by round, so that what else the machine does meets all of them; ratios are of one
 * round, and their median is told. The first size is how many calls the Worker's memory is watched over (0: none).
 */
export async function gateway([calls = 20_000]: readonly number[] = []): Promise<Outcome> {
  const upstream = spawn(process.execPath, [join(import.meta.dirname, 'gateway-upstream.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<string>((resolve) => {
    upstream.stdout?.once('data', (piece: Buffer) => resolve(piece.toString().trim()))
  })
  const url = `http://127.0.0.1:${port}`
  const served = await startGateway(url, true)
  const inMiniflare = await startGateway(url, false)
  const portkey = await startPortkey(url)
  try {
    const direct = { name: DIRECT, url: `${url}/v1/chat/completions`, headers: {} }
    const targets: Target[] = [direct, ...(portkey ? [{ name: PORTKEY, ...portkey }] : [])]
    targets.push({ name: SERVED, ...served }, { name: IN_MINIFLARE, ...inMiniflare })
    const runs = new Map<string, Loaded[]>()
    const asked = new Map<string, number>()
    for (let round = 0; round < ROUNDS; round += 1)
      for (const { name: caseName, ...how } of CASES)
        for (const { name, ...target } of round % 2 ? targets.toReversed() : targets) {
          const warmSeconds = round === 0 ? FIRST_WARM_SECONDS : WARM_SECONDS
          const { url, headers } = target
          const loaded = await loadedBy({ ...how, url, headers, seconds: SECONDS, warmSeconds })
          runs.set(keyOf(name, caseName), [...(runs.get(keyOf(name, caseName)) ?? []), loaded])
          asked.set(name, (asked.get(name) ?? 0) + loaded.all)
        }
    await served.metered(asked.get(SERVED) ?? 0)
    await inMiniflare.metered(asked.get(IN_MINIFLARE) ?? 0)
    const lines = await overManyCalls(served, calls)
    await served.metered((asked.get(SERVED) ?? 0) + (lines.at(-1)?.figure ?? 0))
    const tables = CASES.map(({ name }) => caseTable(name, targets, runs))
    return { lines, tables: [...tables, promises(runs, portkey !== null)] }
  } finally {
    upstream.kill('SIGKILL')
    portkey?.close()
    await served.close()
    await inMiniflare.close()
  }
}

const run = promisify(execFile)

async function loadedBy(load: Load): Promise<Loaded> {
  const script = join(import.meta.dirname, 'gateway-load.ts')
  const { stdout } = await run(process.execPath, [script, JSON.stringify(load)])
  return JSON.parse(stdout) as Loaded
}

/** The Worker's memory after ever more calls; the last line is how many there were. */
async function overManyCalls(served: Awaited<ReturnType<typeof startGateway>>, calls: number): Promise<Measurement[]> {
  const load = { url: served.url, headers: served.headers, isStream: false, connections: 32, warmSeconds: 0 }
  let all = 0
  const before = served.memory.restart().worker
  const seen: number[] = []
  while (all < calls) {
    all += (await loadedBy({ ...load, seconds: 5 })).all
    seen.push(served.memory.restart().worker)
  }
  const beside = `${seen.map((one) => Math.round(one)).join(', ')} on the way`
  return [
    { what: 'memory of the Worker before', figure: before, unit: 'MiB', beside: '' },
    { what: 'memory of the Worker behind', figure: seen.at(-1) ?? before, unit: 'MiB', beside },
    { what: 'over calls', figure: all, unit: 'calls', beside: 'each metered once, to the token and the nano-dollar' },
  ]
}

function keyOf(target: string, caseName: string): string {
  return `${target} ${caseName}`
}

function caseTable(caseName: CaseName, targets: readonly Target[], runs: Runs): Table {
  const direct = runs.get(keyOf(DIRECT, caseName)) ?? []
  const rows = targets.map(({ name }) => {
    const own = runs.get(keyOf(name, caseName)) ?? []
    const of = (figure: keyof Loaded) => median(own.map((one) => one[figure]))
    const added = (figure: 'p50' | 'p99' | 'first') =>
      name === DIRECT ? '' : msText(median(own.map((one, at) => one[figure] - (direct[at]?.[figure] ?? 0))))
    const [least, most] = [Math.min(...own.map((one) => one.perSecond)), Math.max(...own.map((one) => one.perSecond))]
    return [
      ...[name, Math.round(of('perSecond')).toLocaleString('en-US'), `${Math.round(least)}–${Math.round(most)}`],
      ...[msText(of('p50')), msText(of('p99')), added('p50'), added('p99'), added('first')],
    ]
  })
  const head = ['', 'calls/s', 'range', 'p50, ms', 'p99, ms', 'added p50', 'added p99', 'added first byte']
  return { title: `${caseName}: medians of ${ROUNDS} rounds of ${SECONDS} s`, head, rows }
}

type Bar = { what: string; caseName: CaseName; bar: number; isAtLeast: boolean; of: keyof Loaded }
const PROMISES: readonly Bar[] = [
  { what: 'calls/s', caseName: 'JSON, 32 connections', bar: 1.5, isAtLeast: true, of: 'perSecond' },
  { what: 'added p50', caseName: 'JSON, 1 connection', bar: 1, isAtLeast: false, of: 'p50' },
  { what: 'added p99', caseName: 'JSON, 1 connection', bar: 0.7, isAtLeast: false, of: 'p99' },
  { what: 'streams/s', caseName: 'SSE, 32 connections', bar: 2, isAtLeast: true, of: 'perSecond' },
  { what: 'added first byte', caseName: 'SSE, 1 connection', bar: 0.1, isAtLeast: false, of: 'first' },
]

function promises(runs: Runs, hasPortkey: boolean): Table {
  const rows = PROMISES.map(({ what, caseName, bar, isAtLeast, of }) => {
    const promised = `${isAtLeast ? '≥' : '≤'} ${bar.toFixed(1)} ×`
    if (!hasPortkey) return [`${what}, ${caseName}`, promised, 'not measured', 'not measured', '']
    const ratiosOf = (name: string) =>
      (runs.get(keyOf(name, caseName)) ?? []).map((own, at) => {
        const [beside, direct] = [PORTKEY, DIRECT].map((other) => runs.get(keyOf(other, caseName))?.[at]?.[of] ?? 0)
        return isAtLeast ? own[of] / (beside ?? 0) : (own[of] - (direct ?? 0)) / ((beside ?? 0) - (direct ?? 0))
      })
    const [onWorkerd, inMiniflare] = [ratiosOf(SERVED), ratiosOf(IN_MINIFLARE)]
    const ratio = median(onWorkerd)
    const verdict = (isAtLeast ? ratio >= bar : ratio <= bar) ? 'holds' : 'FALLS SHORT'
    const range = `${Math.min(...onWorkerd).toFixed(2)}–${Math.max(...onWorkerd).toFixed(2)}`
    return [
      ...[`${what}, ${caseName}`, promised, `${ratio.toFixed(2)} ×`, range],
      ...[`${median(inMiniflare).toFixed(2)} ×`, verdict],
    ]
  })
  const head = ['', 'promised', 'on workerd', 'range', 'in Miniflare', 'verdict']
  return { title: `Beside ${PORTKEY} in the same round`, head, rows }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
