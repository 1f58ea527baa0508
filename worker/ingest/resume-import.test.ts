import { gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { clearAbandoned } from './clear-abandoned.ts'
import { finishReadWhole } from './finish-interrupted.ts'

const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
const jobs = (count: number) =>
  HEADER +
  Array.from(
    { length: count },
    (_, at) => `j${at},red,m,aws,h100,2,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,completed\n`,
  ).join('')

/** A body that sends the text and then breaks off. */
function broken(text: string): RequestInit {
  let isFirst = true
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isFirst) controller.enqueue(new TextEncoder().encode(text))
      else controller.error(new Error('connection reset'))
      isFirst = false
    },
  })
  return { method: 'POST', body, duplex: 'half' } as RequestInit
}

async function started() {
  const heliox = await startHeliox()
  const quietly = async <T>(work: () => Promise<T>) => {
    const log = console.log
    console.log = () => undefined
    return work().finally(() => {
      console.log = log
    })
  }
  const count = async () => (await heliox.db.all<{ n: bigint }>(sql`select count(*) as n from jobs`))[0]?.n
  return { ...heliox, quietly, count }
}

test('a file that broke off goes on where it stood, packed otherwise too, and ends as if nothing had been', async () => {
  const { fetch, json, quietly, count, db } = await started()
  const text = jobs(25_000)
  await quietly(() => fetch('/api/v1/imports?format=jobs-csv', broken(text.slice(0, -300_000))))
  const before = await json<{ state: string; message: string }>('/api/v1/imports/imp_1')
  expect(before).toMatchObject({ state: 'interrupted', status: 'failed' })
  expect([before.message, await count()]).toEqual([expect.stringContaining('go on with resume=imp_1'), 0n])
  const answer = await fetch('/api/v1/imports?resume=imp_1', { method: 'POST', body: new Uint8Array(gzipSync(text)) })
  const done = (await answer.json()) as Record<string, unknown>
  expect([answer.status, done.import_id, done.state]).toEqual([200, 'imp_1', 'success'])
  expect(done.result).toMatchObject({ total_records: 25_000, inserted: 25_000, failed: 0 })
  expect(await count()).toBe(25_000n)
  expect(await db.all(sql`select count(*) as n, max(attempts) as tries from imports`)).toEqual([{ n: 1n, tries: 1n }])
})

test('what has ended, is under way or is another file is not resumed, and stays as it was', async () => {
  const { fetch, send, json, quietly, as } = await started()
  const ended = await send('jobs-csv', jobs(2))
  const resume = async (id: string, body: string, call = fetch) => {
    const response = await call(`/api/v1/imports?resume=${id}`, { method: 'POST', body })
    return [response.status, ((await response.json()) as { error?: { code: string } }).error?.code]
  }
  expect(await resume(ended.import_id, jobs(2))).toEqual([409, 'ingest.not_resumable'])
  expect(await resume('imp_99', jobs(2))).toEqual([404, 'ingest.no_import'])
  await quietly(() => fetch('/api/v1/imports?format=jobs-csv', broken(jobs(25_000).slice(0, -300_000))))
  const other = await as('developer', [])
  expect(await resume('imp_2', jobs(25_000), other.fetch)).toEqual([404, 'ingest.no_import'])
  expect(await resume('imp_2', jobs(25_000).replaceAll('T01:00', 'T02:00'))).toEqual([409, 'ingest.not_the_same_file'])
  expect(await json('/api/v1/imports/imp_2')).toMatchObject({ state: 'interrupted' })
})

test('an announced file has an id before its first byte, and is refused in words if it is no file of ours', async () => {
  const { write, fetch, json, count } = await started()
  const announce = async (more: object = {}) =>
    (await write('POST', '/api/v1/uploads', { file_name: 'jobs.csv', ...more })).body.upload_id as string
  const id = await announce({ source: 'slurm' })
  expect(await json(`/api/v1/imports/${id}`)).toMatchObject({ state: 'queued', format: 'auto' })
  const answer = await fetch(`/api/v1/imports?resume=${id}`, { method: 'POST', body: jobs(3) })
  expect(await answer.json()).toMatchObject({ import_id: id, format: 'jobs-csv', state: 'success' })
  expect(await count()).toBe(3n)
  const strange = await announce()
  const refused = await fetch(`/api/v1/imports?resume=${strange}`, { method: 'POST', body: 'just words' })
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: 'ingest.unrecognised' } }])
  expect(await json(`/api/v1/imports/${strange}`)).toMatchObject({ state: 'failed', format: 'auto' })
})

test('cancelling: what waits ends at once, what is read ends with its next chunk and leaves nothing, what has ended stays', async () => {
  const { write, fetch, json, count, db } = await started()
  const announced = (await write('POST', '/api/v1/uploads', { format: 'jobs-csv' })).body.upload_id as string
  expect((await write('POST', `/api/v1/imports/${announced}/cancel`)).body).toMatchObject({ state: 'cancelled' })
  expect((await write('POST', `/api/v1/imports/${announced}/cancel`)).body).toMatchObject({ state: 'cancelled' })

  const text = jobs(25_000)
  let isAsked = false
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (isAsked) controller.close()
        else controller.enqueue(new TextEncoder().encode(text))
        if (!isAsked) {
          await new Promise((resume) => setTimeout(resume, 0))
          isAsked = true
        } else expect((await write('POST', '/api/v1/imports/imp_2/cancel')).status).toBe(200)
      },
    },
    { highWaterMark: 0 },
  )
  const answer = await fetch('/api/v1/imports?format=jobs-csv', { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect([answer.status, await answer.json()]).toMatchObject([409, { error: { code: 'ingest.cancelled' } }])
  expect(await json('/api/v1/imports/imp_2')).toMatchObject({ state: 'cancelled', result: { inserted: 0, updated: 0 } })
  expect(await count()).toBe(0n)
  expect(await db.all(sql`select is_cancel_asked as asked from imports where id = 2`)).toEqual([{ asked: 1n }])

  const { import_id } = (await (
    await fetch('/api/v1/imports?format=jobs-csv', { method: 'POST', body: jobs(2) })
  ).json()) as { import_id: string }
  const late = await write('POST', `/api/v1/imports/${import_id}/cancel`)
  expect([late.status, late.body.error.code]).toEqual([409, 'ingest.too_late_to_cancel'])
  expect(await count()).toBe(2n)
})

test('the clock stores what was read whole and broke off, asks nobody, and gives up what nobody takes up within a day', async () => {
  const { send, db, scope, moveTo, count, write } = await started()
  await send('jobs-csv', jobs(3))
  // As it was just before its rows were stored: read whole, and its process gone.
  await db.run(
    sql`update imports set status = 'storing', inserted = 0, updated = 0, cursor_mark = '', is_read_whole = 1`,
  )
  await db.run(sql`delete from job_day_shares`)
  await db.run(sql`delete from jobs`)
  await db.run(sql`insert into staged_jobs (import_id, line, job_id, run, team_name, model_name, provider, gpu_type,
    gpu_milli, started_at_ms, ended_at_ms, status)
    select 1, value + 2, 'j' || value, '', 'red', 'm', 'aws', 'h100', 2, 0, 3600000, 'completed' from json_each('[0,1,2]')`)
  const announced = (await write('POST', '/api/v1/uploads', { file_name: 'never.csv' })).body.upload_id as string
  moveTo('2026-03-01T12:20:00Z')
  expect(await clearAbandoned(scope)).toEqual(['imp_1'])
  expect(await finishReadWhole(scope)).toBe(1)
  expect([await count(), await finishReadWhole(scope)]).toEqual([3n, 0])
  // A file that was overtaken by a later one of its source is left to its sender.
  await send('jobs-csv', jobs(3), '&source=other')
  await db.run(sql`update imports set status = 'interrupted' where id = 3`)
  await send('jobs-csv', jobs(3), '&source=other')
  expect(await finishReadWhole(scope)).toBe(0)
  await db.run(sql`delete from imports where id > 2`)
  moveTo('2026-03-02T12:20:00Z')
  expect(await clearAbandoned(scope)).toEqual([announced])
  expect(await db.all(sql`select status, message from imports order by id`)).toEqual([
    { status: 'success', message: '3 rows stored' },
    { status: 'failed', message: 'The file was announced and never came' },
  ])
})
