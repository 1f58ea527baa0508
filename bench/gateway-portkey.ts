import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** As its own lock file pins them: with newer ones of these two every stream of it fails. */
const PINNED = { '@hono/node-server': '1.13.5', hono: '4.9.7' }
const VERSION = '1.15.2'
/** It would listen on every address of this machine and has no option for one. */
const ON_LOOPBACK = `const { Server } = require('node:net')
const listen = Server.prototype.listen
Server.prototype.listen = function (port, ...more) {
  return listen.call(this, Number(port), '127.0.0.1', ...more.filter((one) => typeof one === 'function'))
}
`

export const PORTKEY = `@portkey-ai/gateway ${VERSION}`

/**
 * Portkey's gateway from npm, in a folder that is thrown away, before that upstream. Null where it cannot be installed or does
 * not start.
 */
export async function startPortkey(upstream: string) {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-portkey-'))
  const dependencies = { '@portkey-ai/gateway': VERSION, ...PINNED }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides: PINNED }))
  writeFileSync(join(folder, 'loopback.cjs'), ON_LOOPBACK)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    execFileSync('npm', install, { cwd: folder, stdio: 'ignore', timeout: 180_000 })
  } catch {
    remove()
    return null
  }
  const port = await freePort()
  const script = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js')
  const args = ['-r', join(folder, 'loopback.cjs'), script, `--port=${port}`, '--headless']
  const child = spawn(process.execPath, args, {
    ...{ cwd: folder, stdio: 'ignore', env: { ...process.env, NODE_ENV: 'production' } },
  })
  const close = () => {
    child.kill('SIGKILL')
    remove()
  }
  const url = `http://127.0.0.1:${port}`
  const deadline = Date.now() + 20_000
  while (!(await fetch(url).catch(() => null))?.ok) {
    if (Date.now() > deadline || child.exitCode !== null) {
      close()
      return null
    }
    await new Promise((resume) => setTimeout(resume, 100))
  }
  const headers = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstream}/v1`,
    authorization: 'Bearer x',
  }
  return { url: `${url}/v1/chat/completions`, headers, close }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
