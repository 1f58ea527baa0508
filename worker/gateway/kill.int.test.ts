import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { startChild } from '../local/start-child.ts'

const SETTINGS = { LONGEST_CALL_SECONDS: '1' }

const say = (heliox: { url: string }, key: string, at: number) =>
  fetch(new URL('/v1/chat/completions', heliox.url), {
    method: 'POST',
    body: JSON.stringify({ model: 'echo', stream: at % 2 === 0, messages: [{ role: 'user', content: `call ${at}` }] }),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  }).then(async (response) => {
    await response.text()
    return response.status === 200 ? response.headers.get('x-request-id') : null
  })

function childrenOf(parent: number | undefined): number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  return list
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, of]) => (of === parent ? [pid] : []))
}

function adminKeyIn(dataDir: string): string {
  return (JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { adminApiKey: string }).adminApiKey
}

/** The meter's own file, below what the runtime keeps. */
function meterFile(dataDir: string): string {
  const files = readdirSync(join(dataDir, 'cloudflare'), { recursive: true }).map(String)
  const found = files.filter((name) => /Meter.*\.sqlite$/.test(name) && !name.endsWith('metadata.sqlite'))
  return join(dataDir, 'cloudflare', found[0] ?? 'none')
}

test('a process that is killed among a hundred calls loses none of them, and counts none twice', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-kill-'))
  try {
    const answered: string[] = []
    let key = ''
    for (const killAfterMs of [40, 150, 400]) {
      const heliox = await startChild(dataDir, SETTINGS)
      key ||= adminKeyIn(dataDir) // which has no limit a minute
      await say(heliox, key, 0).then((id) => id && answered.push(id))
      const calls = Array.from({ length: 100 }, (_, at) => say(heliox, key, at).catch(() => null))
      await new Promise((resume) => setTimeout(resume, killAfterMs))
      for (const child of childrenOf(heliox.process.pid)) process.kill(child, 'SIGKILL') // the runtime outlives its parent
      heliox.process.kill('SIGKILL')
      await heliox.ended
      for (const id of await Promise.all(calls)) if (id !== null) answered.push(id)
    }
    const heliox = await startChild(dataDir, SETTINGS)
    await new Promise((resume) => setTimeout(resume, 1_200)) // those that were cut off have expired
    await say(heliox, key, 1).then((id) => id && answered.push(id)) // its end wakes the meter
    await new Promise((resume) => setTimeout(resume, 3_000))
    heliox.process.kill('SIGTERM')
    await heliox.ended
    const meter = new DatabaseSync(meterFile(dataDir))
    const counted = (query: string) => Number((meter.prepare(query).get() as { n: number }).n)
    expect(counted('select count(*) as n from open_calls')).toBe(0)
    expect(counted('select count(*) as n from ended_calls')).toBe(0)
    expect(counted('select count(*) as n from refused_calls')).toBe(0)
    const ledger = new DatabaseSync(join(dataDir, 'heliox.db'))
    const rows = ledger.prepare('select id, status from requests').all() as { id: string; status: string }[]
    const ids = new Set(rows.map(({ id }) => id))
    expect(ids.size).toBe(rows.length)
    expect(answered.filter((id) => !ids.has(id))).toEqual([])
    const days = ledger.prepare('select sum(request_count) as n from gateway_days').get() as { n: number }
    expect(days.n).toBe(rows.length)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}, 300_000)
