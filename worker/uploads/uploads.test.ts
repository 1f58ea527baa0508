import { gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { ImportId } from '../../db/units/ids.ts'
import { INSIDE } from '../scope.ts'
import { startHeliox } from '../testing.ts'
import { consumeBatch, DEAD_QUEUE } from './consume-batch.ts'
import { type KeptFiles, requireKept } from './kept-files.ts'
import { requeueLost, sweepFiles } from './replay-upload.ts'

const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
const jobs = (count: number) =>
  HEADER +
  Array.from(
    { length: count },
    (_, at) => `j${at},red,m,aws,h100,2,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,completed\n`,
  ).join('')

async function started(settings: Record<string, string> = {}) {
  const heliox = await startHeliox({ settings })
  const kept = heliox.kept as KeptFiles
  const { messages, objects } = heliox.platform
  const { actor: _, ...clock } = { ...heliox.scope, origin: INSIDE }
  /** Hands what waits in the queue to the consumer; answers what it said of each message. */
  const consume = async (queue = 'heliox-imports', bodies = messages.splice(0), attempts = 1) => {
    const said: string[] = []
    await consumeBatch(
      () => clock,
      kept,
      {
        queue,
        messages: bodies.map((body) => ({
          ...{ body, attempts },
          ack: () => said.push('ack'),
          retry: (options?: { delaySeconds?: number }) => said.push(`retry in ${options?.delaySeconds}`),
        })),
      },
      1e9,
    )
    return said
  }
  const put = (id: string, part: number, body: string | Uint8Array<ArrayBuffer>) =>
    heliox.fetch(`/api/v1/uploads/${id}/parts/${part}`, { method: 'PUT', body })
  const announce = async (more: object = {}) => {
    const { body } = await heliox.write('POST', '/api/v1/uploads', {
      file_name: 'big.csv',
      format: 'jobs-csv',
      ...more,
    })
    return body.upload_id as ImportId
  }
  const complete = (id: string) => heliox.write('POST', `/api/v1/uploads/${id}/complete`)
  const count = async () => (await heliox.db.all<{ n: bigint }>(sql`select count(*) as n from jobs`))[0]?.n
  return { ...heliox, kept, messages, objects, consume, put, announce, complete, count }
}

test('a file in parts, sent in any order and one of them twice, is read from the bucket as one and then thrown away', async () => {
  const { announce, put, complete, consume, count, json, objects, messages } = await started()
  const packed = new Uint8Array(gzipSync(jobs(300)))
  const cut = (from: number, to: number) => packed.slice(from, to)
  const third = Math.ceil(packed.length / 3)
  const id = await announce({ bytes: packed.length })
  expect((await put(id, 3, cut(2 * third, packed.length))).status).toBe(200)
  expect(await (await put(id, 1, 'wrong')).json()).toEqual({ part: 1, bytes: 5 })
  await put(id, 1, cut(0, third))
  const early = await complete(id)
  expect([early.status, early.body.error.message]).toEqual([409, 'The file is not whole: part 2 has not come'])
  await put(id, 2, cut(third, 2 * third))
  expect(await json(`/api/v1/uploads/${id}`)).toMatchObject({
    ...{ upload_id: id, is_complete: false, parts: [{ part: 1, bytes: third }, { part: 2 }, { part: 3 }] },
  })
  const { status, body } = await complete(id)
  expect([status, body.import_id, body.state, messages]).toEqual([202, id, 'queued', [{ importId: id }]])
  expect((await put(id, 1, 'late')).status).toBe(409)
  expect(await consume()).toEqual(['ack'])
  expect(await json(`/api/v1/imports/${id}`)).toMatchObject({ state: 'success', result: { inserted: 300 } })
  expect([await count(), objects.size]).toEqual([300n, 0])
  expect(await consume('heliox-imports', [{ importId: id }])).toEqual(['ack']) // delivered twice
  expect(await count()).toBe(300n)
})

test('a file that is short of what was announced is not begun, and one above the limits is refused with words', async () => {
  const { announce, put, complete, write } = await started({ MAX_LARGE_UPLOAD_MB: '1' })
  const id = await announce({ bytes: 1000 })
  await put(id, 1, 'x'.repeat(999))
  expect((await complete(id)).body.error).toMatchObject({
    ...{ code: 'uploads.parts_missing', message: 'The file is not whole: 999 of 1000 bytes have come' },
  })
  const large = await write('POST', '/api/v1/uploads', { file_name: 'x', bytes: 1024 * 1024 + 1 })
  expect([large.status, large.body.error.code]).toEqual([413, 'uploads.too_large'])
  const part = await put(id, 2, 'x'.repeat(8 * 1024 * 1024 + 1))
  expect([part.status, ((await part.json()) as { error: { code: string } }).error.code]).toEqual([
    413,
    'uploads.part_too_large',
  ])
  expect((await put(id, 2, '')).status).toBe(400)
})

test('a file that is refused is failed and thrown away; its sender’s rights count when it is read', async () => {
  const { announce, put, complete, consume, json, objects, as, write } = await started()
  const strange = await announce({ format: 'auto' })
  await put(strange, 1, 'just some words')
  await complete(strange)
  expect(await consume()).toEqual(['ack'])
  expect(await json(`/api/v1/imports/${strange}`)).toMatchObject({ state: 'failed', format: 'auto' })
  expect(objects.size).toBe(0)
  const gone = await as('admin')
  const { body } = await gone.write('POST', '/api/v1/uploads', { format: 'jobs-csv', file_name: 'x' })
  await put(body.upload_id, 1, jobs(2))
  await complete(body.upload_id)
  await write('DELETE', `/api/v1/users/${gone.userId}`)
  expect(await consume()).toEqual(['ack'])
})

test('what breaks off each time is a dead letter: listed, kept, replayed from its beginning or thrown away', async () => {
  const { announce, put, complete, consume, count, json, objects, write, db, kept } = await started()
  const id = await announce()
  await put(id, 1, jobs(4))
  await complete(id)
  const { body } = kept
  kept.body = () => {
    throw new Error('the bucket does not answer')
  }
  expect(await consume('heliox-imports', [{ importId: id }], 1)).toEqual(['retry in 5'])
  expect(await consume('heliox-imports', [{ importId: id }], 4)).toEqual(['retry in 600'])
  const log = console.log
  console.log = () => undefined
  expect(await consume(DEAD_QUEUE, [{ importId: id }])).toEqual(['ack'])
  console.log = log
  kept.body = body
  const dead = () => json<{ imports: { import_id: string }[] }>('/api/v1/imports?kept=true')
  expect((await dead()).imports).toMatchObject([{ import_id: id, status: 'failed', is_kept: true }])
  expect(objects.size).toBe(1)
  const replayed = await write('POST', `/api/v1/imports/${id}/replay`)
  expect([replayed.status, replayed.body.state]).toEqual([202, 'queued'])
  expect((await dead()).imports).toEqual([])
  expect(await consume()).toEqual(['ack', 'ack']) // the first message too, which finds nothing to do
  expect([await count(), objects.size]).toEqual([4n, 0])
  expect((await write('POST', `/api/v1/imports/${id}/replay`)).body.error.code).toBe('uploads.nothing_kept')

  const other = await announce()
  await put(other, 1, jobs(4))
  await complete(other)
  expect((await write('DELETE', `/api/v1/uploads/${other}`)).status).toBe(409) // it is about to be read
  await db.run(sql`update imports set status = 'failed' where id = 2`)
  expect((await write('DELETE', `/api/v1/uploads/${other}`)).status).toBe(204)
  expect([objects.size, (await dead()).imports]).toEqual([0, []])
})

test('what was lost on its way through the queue is given to it again, and files that nobody needs are swept away', async () => {
  const { announce, put, complete, consume, count, kept, scope, moveTo, messages, objects, write } = await started()
  const id = await announce()
  await put(id, 1, jobs(5))
  await complete(id)
  messages.length = 0 // its process died
  expect(await requeueLost(scope, kept)).toEqual([])
  moveTo('2026-03-01T12:05:00Z')
  expect(await requeueLost(scope, kept)).toEqual([id])
  expect(await requeueLost(scope, kept)).toEqual([])
  await consume()
  expect(await count()).toBe(5n)
  const cancelled = await announce()
  await put(cancelled, 1, jobs(5))
  await write('POST', `/api/v1/imports/${cancelled}/cancel`)
  expect(objects.size).toBe(0)
  const unwanted = await announce()
  await put(unwanted, 1, jobs(1))
  expect((await write('DELETE', `/api/v1/uploads/${unwanted}`)).status).toBe(204)
  expect([objects.size, await sweepFiles(scope, kept)]).toEqual([0, 0])
})

test('a kept file can be read from any place, across its parts', async () => {
  const { kept } = await started()
  const bytes = Uint8Array.from({ length: 23 }, (_, at) => at)
  for (const [part, from] of [0, 10, 20].entries())
    await kept.putPart('uploads/imp_9/', part + 1, bytes.slice(from, from + 10))
  const parts = await kept.parts('uploads/imp_9/')
  expect(parts).toEqual([
    { part: 1, bytes: 10 },
    { part: 2, bytes: 10 },
    { part: 3, bytes: 3 },
  ])
  const file = kept.ranged('uploads/imp_9/', parts)
  expect(file.byteLength).toBe(23)
  for (let start = 0; start <= 23; start += 1)
    for (let end = start; end <= 23; end += 1)
      expect(new Uint8Array(await file.slice(start, end))).toEqual(bytes.slice(start, end))
  expect(new Uint8Array(await new Response(kept.body('uploads/imp_9/', parts)).arrayBuffer())).toEqual(bytes)
})

test('a deployment without a bucket says so', () => {
  expect(() => requireKept(null)).toThrow('This deployment keeps no files')
})
