import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../local/stack.ts'
import { startChild } from '../local/start-child.ts'

const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
const jobs = (count: number) =>
  HEADER +
  Array.from(
    { length: count },
    (_, at) => `j${at},red,m,aws,h100,2,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,completed\n`,
  ).join('')

let stack: Stack
let dataDir: string
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'heliox-uploads-'))
  stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL', vars: { MAX_UPLOAD_MB: '1' } })
})
afterAll(async () => {
  await stack?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

type Call = (path: string, init?: RequestInit) => Promise<Response>
const call: Call = (path, init = {}) =>
  fetch(new URL(path, stack.url), { ...init, headers: { 'x-api-key': stack.adminApiKey, ...(init.headers as object) } })

type Import = { import_id: string; state: string; message: string; result: { inserted: number } }

async function announced(ask: Call, file: Uint8Array<ArrayBuffer>, name: string) {
  const query = new URLSearchParams({ file_name: name, bytes: String(file.length), format: 'jobs-csv' })
  const made = await ask(`/api/v1/uploads?${query}`, { method: 'POST' })
  expect(made.status).toBe(201)
  return (await made.json()) as { upload_id: string; part_bytes: number }
}

async function inParts(ask: Call, file: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
  const { upload_id: id, part_bytes: size } = await announced(ask, file, name)
  const parts = Array.from({ length: Math.ceil(file.length / size) }, (_, at) => at)
  for (const at of parts.reverse())
    expect(
      (
        await ask(`/api/v1/uploads/${id}/parts/${at + 1}`, {
          ...{ method: 'PUT', body: file.slice(at * size, (at + 1) * size) },
        })
      ).status,
    ).toBe(200)
  expect((await ask(`/api/v1/uploads/${id}/complete`, { method: 'POST' })).status).toBe(202)
  return id
}

/** The last event of an import's stream, asked for as often as it takes. */
async function ended(ask: Call, id: string): Promise<{ states: Set<string>; last: Record<string, unknown> }> {
  const states = new Set<string>()
  for (;;) {
    const response = await ask(`/api/v1/imports/${id}/events`)
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    for (const event of (await response.text()).split('\n\n')) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? []
      if (!data) continue
      const view = JSON.parse(data) as Record<string, unknown>
      states.add(String(view.status))
      if (name === 'end') return { states, last: view }
    }
  }
}

test('a file above the limit of one request is refused with the way that takes it, and goes that way', async () => {
  const file = new TextEncoder().encode(jobs(120_000)) // 9 MB in two parts, and MAX_UPLOAD_MB is 1
  const refused = await call('/api/v1/imports?format=jobs-csv', { method: 'POST', body: file })
  expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
    413,
    expect.stringContaining('POST /api/v1/uploads'),
  ])
  const id = await inParts(call, file, 'large.csv')
  const { states, last } = await ended(call, id)
  expect(last).toMatchObject({ status: 'success', inserted: 120_000, bytes_expected: file.length, is_kept: false })
  expect([...states]).toEqual(expect.arrayContaining(['success']))
  expect(await (await call(`/api/v1/uploads/${id}`)).json()).toMatchObject({ parts: [], state: 'success' })
}, 120_000)

test('a gzip file in parts is unpacked as it comes out of the bucket', async () => {
  const id = await inParts(call, new Uint8Array(gzipSync(jobs(3_000))), 'packed.csv.gz')
  expect((await ended(call, id)).last).toMatchObject({ status: 'success', updated: 3_000, unchanged: 3_000 })
}, 60_000)

test('killed while it reads a kept file, Heliox goes on with it after the next start, and every row is there once', async () => {
  const own = mkdtempSync(join(tmpdir(), 'heliox-killed-'))
  const first = await startChild(own)
  const file = new TextEncoder().encode(jobs(200_000))
  const id = await inParts(first.call, file, 'killed.csv')
  const view = async (ask: Call) => (await (await ask(`/api/v1/imports/${id}`)).json()) as Import
  while ((await view(first.call)).state === 'queued') await new Promise((resume) => setTimeout(resume, 50))
  first.process.kill('SIGKILL')
  await first.ended
  const second = await startChild(own)
  try {
    expect(['queued', 'interrupted', 'reading', 'storing']).toContain((await view(second.call)).state)
    const { last } = await ended(second.call, id)
    expect(last).toMatchObject({ status: 'success', rows_read: 200_000, failed: 0, is_kept: false })
    const jobsTotal = (await (await second.call('/api/v1/jobs?limit=1')).json()) as { total: number }
    expect(jobsTotal.total).toBe(200_000)
  } finally {
    second.process.kill('SIGTERM')
    await second.ended
    rmSync(own, { recursive: true, force: true })
  }
}, 180_000)
