import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startLocalDb } from './server.ts'
import { connect, execute, pipeline, post, serve, until } from './testing.ts'

const SELECT_1 = JSON.stringify({ requests: [execute('select 1'), { type: 'close' }] })

test('only the bearer of the token is let in', async () => {
  const db = await serve({ authToken: 'right' })
  for (const authorization of ['', 'Bearer', 'Bearer wrong', 'Bearer right ', 'Basic right', 'right']) {
    const { status, reply } = await post(db, SELECT_1, { authorization })
    if (authorization === 'Bearer right ')
      expect(status).toBe(200) // HTTP trims header values
    else expect([authorization, status, reply.code]).toEqual([authorization, 401, 'AUTH_INVALID'])
  }
  expect((await post(db, SELECT_1)).status).toBe(401)
  expect((await connect(db, 'right').execute('select 1 as one')).rows[0]?.one).toBe(1n)
  await expect(connect(db, 'wrong').execute('select 1')).rejects.toMatchObject({ code: 'AUTH_INVALID' })
})

test('a page in a browser is not served', async () => {
  const db = await serve()
  expect((await post(db, SELECT_1, { origin: 'https://example.com' })).status).toBe(403)
})

test('the paths beside the pipeline answer as clients expect', async () => {
  const db = await serve()
  const statusOf = async (path: string, method = 'GET') => (await fetch(db.url + path, { method })).status
  expect(await statusOf('/health')).toBe(200)
  expect(await statusOf('/v2')).toBe(200)
  expect(await statusOf('/v3')).toBe(404)
  expect(await statusOf('/v3-protobuf')).toBe(404)
  expect(await statusOf('/')).toBe(404)
  expect(await statusOf('/v2/pipeline')).toBe(405)
})

test('a body above the limit is refused, and the server goes on', async () => {
  const db = await serve({ maxBodyBytes: 100_000 })
  const { status, reply } = await post(db, `{"requests":[],"x":"${'x'.repeat(200_000)}"}`)
  expect([status, reply.code]).toEqual([413, 'BODY_TOO_LARGE'])
  expect((await post(db, `{"requests":[{"type":"close"}],"x":"${'x'.repeat(90_000)}"}`)).status).toBe(200)
})

test('a text argument of several megabytes is taken apart by SQLite', async () => {
  const client = connect(await serve())
  const rows = Array.from({ length: 20_000 }, (_, i) => ({ i, text: `row ${i} – ${'x'.repeat(200)}` }))
  const sql = `select count(*) as n, sum(value->>'i') as total from json_each(?)`
  const answer = await client.execute({ sql, args: [JSON.stringify(rows)] })
  expect(answer.rows[0]).toMatchObject({ n: 20_000n, total: 199_990_000n }) // 20 000 × 19 999 ÷ 2
})

test('beyond the limit of streams a new one is refused and an open one goes on', async () => {
  const db = await serve({ maxStreams: 2 })
  const [first] = await Promise.all([pipeline(db, [execute('select 1')]), pipeline(db, [execute('select 1')])])
  const { status, reply } = await post(db, SELECT_1)
  expect([status, reply.code]).toEqual([503, 'TOO_MANY_STREAMS'])
  await pipeline(db, [{ type: 'close' }], first?.baton)
  expect((await post(db, SELECT_1)).status).toBe(200)
})

test('connections have the write-ahead log, foreign keys, and the durability that was asked for', async () => {
  for (const [synchronous, level] of [
    ['FULL', 2n],
    ['NORMAL', 1n],
  ] as const) {
    const client = connect(await serve({ synchronous }))
    expect((await client.execute('pragma journal_mode')).rows[0]?.journal_mode).toBe('wal')
    expect((await client.execute('pragma foreign_keys')).rows[0]?.foreign_keys).toBe(1n)
    expect((await client.execute('pragma synchronous')).rows[0]?.synchronous).toBe(level)
  }
})

test('what is not a pipeline gets a JSON error that says so', async () => {
  const db = await serve()
  const bodies = ['', '{', 'null', '[]', '5', '{}', '{"requests":{}}', '{"requests":[5]}', '{"requests":[{}]}']
  const requests = ['fly', 'execute', 'batch', 'sequence', 'describe', 'store_sql', 'close_sql', '__proto__']
  for (const type of requests) bodies.push(JSON.stringify({ requests: [{ type }] }))
  bodies.push('{"baton":5,"requests":[]}', '{"requests":[{"type":"execute","stmt":{"sql":"select 1","sql_id":1}}]}')
  bodies.push('{"requests":[{"type":"execute","stmt":{"sql":"select 1","want_rows":"no"}}]}')
  for (const body of [...bodies, Uint8Array.of(0x22, 0xff, 0x22)]) {
    const { status, reply } = await post(db, body)
    expect([body, status, reply.code]).toEqual([body, 400, 'PROTOCOL_ERROR'])
    expect(reply.message).not.toBe('')
  }
  expect(db.stats().streams).toBe(0)
})

test('three thousand damaged bodies get an answer in JSON each, and the server stays whole', async () => {
  const db = await serve({ streamIdleMs: 200, maxStreams: 5_000, writeWaitMs: 100 })
  await connect(db).executeMultiple('create table t(a, b); insert into t values (1, 2)')
  const random = seeded(20_261_121)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const seeds = [
    {
      requests: [
        execute('insert into t values (?, ?)', [
          { type: 'integer', value: '1' },
          { type: 'text', value: 'x' },
        ]),
      ],
    },
    {
      requests: [
        { type: 'sequence', sql: 'begin; delete from t; rollback' },
        { type: 'describe', sql: 'select :a' },
      ],
    },
    {
      requests: [
        { type: 'store_sql', sql_id: 1, sql: 'select 1' },
        { type: 'execute', stmt: { sql_id: 1 } },
      ],
    },
    {
      requests: [
        {
          type: 'batch',
          batch: {
            steps: [
              { stmt: { sql: 'begin immediate' } },
              {
                stmt: {
                  sql: 'update t set a = :a',
                  named_args: [{ name: 'a', value: { type: 'blob', base64: 'AA' } }],
                },
              },
              { condition: { type: 'not', cond: { type: 'ok', step: 1 } }, stmt: { sql: 'rollback' } },
              { condition: { type: 'ok', step: 1 }, stmt: { sql: 'commit' } },
            ],
          },
        },
        { type: 'close' },
      ],
    },
  ]
  const odd = [true, false, null, 0, -1, 1.5, '', '\0', 'select', '�', [], {}, [[]], { type: 'ok' }, 'close', '?1 :a']
  const damage = (node: unknown): unknown => {
    if (random() < 0.06) return pick(odd)
    if (Array.isArray(node)) return node.map(damage)
    if (typeof node === 'string') return random() < 0.1 ? node.slice(Math.floor(random() * node.length)) : node
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).flatMap(([k, v]) => (random() < 0.04 ? [] : [[k, damage(v)]])))
  }
  const bodyAt = (): string => {
    const text = JSON.stringify(damage(pick(seeds)))
    if (random() < 0.7) return text
    const at = Math.floor(random() * text.length)
    return text.slice(0, at) + pick(['', '"', '}', ',', '\\', '\u0000', '9'.repeat(30), '[[[[']) + text.slice(at + 1)
  }
  const statuses = new Map<number, number>()
  for (let round = 0; round < 300; round++) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(db, bodyAt())))
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  expect([...statuses.keys()].sort()).toEqual([200, 400])
  await until(() => db.stats().streams === 0)
  expect(db.stats()).toMatchObject({ isWriting: false, waitingWriters: 0 })
  expect((await connect(db).execute('pragma integrity_check')).rows[0]?.integrity_check).toBe('ok')
})

test('closing lets the request at work end, rolls back the idle one and empties the log into the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-local-db-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'test.db')
  const db = await startLocalDb({ file, synchronous: 'NORMAL' })
  await connect(db).execute('create table t(a)')
  await pipeline(db, [execute('begin immediate'), execute('insert into t values (1)')])
  const waiting = connect(db).execute('insert into t values (2)')
  await until(() => db.stats().waitingWriters === 1)
  const closed = db.close()
  expect(db.close()).toBe(closed)
  await waiting
  await closed
  await expect(fetch(`${db.url}/health`)).rejects.toThrow()
  expect(existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0).toBe(false)

  const again = await startLocalDb({ file, synchronous: 'NORMAL' })
  onTestFinished(() => again.close())
  expect((await connect(again).execute('select a from t')).rows.map((row) => row.a)).toEqual([2n])
})

test('a file that cannot be opened and a port that is taken are told at once', async () => {
  await expect(startLocalDb({ file: '/nowhere/at/all.db' })).rejects.toThrow()
  const db = await serve()
  const folder = mkdtempSync(join(tmpdir(), 'heliox-local-db-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await expect(startLocalDb({ file: join(folder, 'test.db'), port: db.port })).rejects.toThrow('EADDRINUSE')
})

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
