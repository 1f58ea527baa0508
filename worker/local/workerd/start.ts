import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { build } from 'vite'
import { type Delivery, startBeside } from './beside-server.ts'
import { workerdConfig } from './config.ts'

export type WorkerdOptions = {
  root: string
  dataDir: string
  /** 0: any free one. */
  port: number
  host: string
  bindings: Record<string, string>
  isBehindProxy: boolean
  /** A runtime that died has been replaced by another process. */
  onRestart?: () => void
}

const RESTART_AFTER_MS = 500
const LONGEST_START_MS = 20_000

/**
 * The built Worker on workerd alone, without Miniflare before it: as it is hosted by oneself. A runtime that dies is started
 * again on its port. @throws where it does not start, with its own words
 */
export async function startWorkerd(options: WorkerdOptions) {
  const { root, dataDir, host, bindings } = options
  const serve = join(root, 'dist/serve')
  await buildFront(root, serve)
  const meter = join(dataDir, 'meter')
  mkdirSync(meter, { recursive: true, mode: 0o700 })
  const token = randomBytes(24).toString('base64url')
  let running: Running | null = null
  const control = async (path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`http://127.0.0.1:${running?.ports.control}/${path}`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(15 * 60_000) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`The Worker answered ${response.status} to ${path}`)
    return response
  }
  const deliver = async (message: Delivery) =>
    ((await (await control('queue', message)).json()) as { retryAfterSeconds: number | null }).retryAfterSeconds
  const beside = await startBeside(dataDir, token, deliver)
  const environment = { ...bindings, BESIDE_TOKEN: token }
  let port = options.port
  let isClosing = false
  const start = async (): Promise<void> => {
    const file = join(dataDir, 'workerd.capnp')
    const paths = {
      ...{ worker: join(root, 'dist/worker/index.js'), front: join(serve, 'front.js'), page: join(root, 'dist/web') },
      ...{ meter, wrangler: join(root, 'wrangler.toml') },
    }
    const config = workerdConfig({
      ...{
        address: `${host}:${port}`,
        folder: dataDir,
        paths,
        besidePort: beside.port,
        isBehindProxy: options.isBehindProxy,
      },
      pageHeaders: readFileSync(join(paths.page, '_headers'), 'utf8'),
      settings: Object.keys(environment),
    })
    writeFileSync(file, config, { mode: 0o600 })
    running = await run(file, environment)
    port = running.ports.http ?? port
    running.process.once('exit', (code, signal) => {
      if (isClosing) return
      console.error(`workerd ended (${signal ?? code}) and is started again`)
      again()
    })
  }
  const again = () =>
    setTimeout(() => {
      if (isClosing) return
      start().then(options.onRestart, (error: unknown) => {
        console.error(error instanceof Error ? error.message : error)
        again()
      })
    }, RESTART_AFTER_MS)
  await start().catch(async (error: unknown) => {
    await beside.close()
    throw error
  })
  return {
    url: new URL(`http://${host === '0.0.0.0' || host === '*' ? '127.0.0.1' : host}:${port}`),
    tick: async (every?: 'five minutes' | 'minute') => void (await control(every === 'minute' ? 'minute' : 'tick')),
    close: async () => {
      isClosing = true
      const child = running?.process
      if (child && child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        await ended
      }
      await beside.close()
    },
  }
}

type Running = { process: ChildProcess; ports: Record<string, number> }

/** Starts workerd and waits until all its sockets listen. */
async function run(file: string, environment: Record<string, string>): Promise<Running> {
  const args = ['serve', '--control-fd=3', file]
  const child = spawn(binary(), args, {
    env: environment as NodeJS.ProcessEnv,
    stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (piece: Buffer) => {
    said = (said + piece.toString()).slice(-4_000)
    process.stderr.write(piece)
  })
  const ports: Record<string, number> = {}
  await new Promise<void>((resolve, reject) => {
    const giveUp = setTimeout(() => child.kill('SIGKILL'), LONGEST_START_MS)
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`workerd did not start (${signal ?? code}): ${said}`)))
    let held = ''
    ;(child.stdio[3] as Readable).on('data', (piece: Buffer) => {
      held += piece.toString()
      for (;;) {
        const end = held.indexOf('\n')
        if (end < 0) return
        const { event, socket, port } = JSON.parse(held.slice(0, end)) as {
          event: string
          socket: string
          port: number
        }
        held = held.slice(end + 1)
        if (event === 'listen') ports[socket] = port
        if (ports.http === undefined || ports.control === undefined) continue
        clearTimeout(giveUp)
        resolve()
      }
    })
  })
  return { process: child, ports }
}

/** The binary that comes with Miniflare. */
function binary(): string {
  const require = createRequire(import.meta.url)
  const { default: path } = require('workerd') as { default: string }
  return path
}

/** The front is a module of its own beside the built Worker, which stays as it is. */
async function buildFront(root: string, outDir: string): Promise<void> {
  await build({
    ...{ configFile: false, root, logLevel: 'warn', publicDir: false },
    plugins: [
      {
        name: 'worker-as-built',
        enforce: 'pre',
        resolveId: (source) => (source === '../../index.ts' ? { id: './index.js', external: true } : null),
      },
    ],
    build: {
      ...{ outDir, emptyOutDir: true, minify: false, target: 'es2022' },
      lib: { entry: join(root, 'worker/local/workerd/front.ts'), formats: ['es'], fileName: () => 'front.js' },
    },
  })
}
