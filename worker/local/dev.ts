/** `npm run dev`: the page with hot reload from Vite, the Worker built and restarted when its files change. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'vite'
import { ROOT } from './stack.ts'

const start = (): ChildProcess =>
  spawn(process.execPath, [join(ROOT, 'worker/local/start.ts')], { cwd: ROOT, stdio: 'inherit' })

let worker = start()
const vite = await createServer({ configFile: join(ROOT, 'web/vite.config.ts') })
await vite.listen()
vite.printUrls()

let waiting: NodeJS.Timeout | undefined
for (const folder of ['worker', 'db'])
  watch(join(ROOT, folder), { recursive: true }, (_event, name) => {
    if (!name || name.includes('.test.')) return
    clearTimeout(waiting)
    waiting = setTimeout(restart, 200)
  })

function restart(): void {
  try {
    execFileSync('wrangler', ['deploy', '--dry-run', '--outdir', 'dist/worker'], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } catch {
    return // wrangler has said what does not compile; the running Worker stays
  }
  const old = worker
  old.once('exit', () => {
    worker = start()
  })
  old.kill('SIGTERM')
}

process.on('SIGINT', () => void vite.close()).on('SIGTERM', () => void vite.close().then(() => worker.kill('SIGTERM')))
