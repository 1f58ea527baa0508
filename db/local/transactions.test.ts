import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openNative } from './native.ts'
import { connect, execute, pipeline, serve, until } from './testing.ts'

const COUNTER = ['create table counter(n integer not null)', 'insert into counter values (0)']

test('eight clients that each add one 25 times in a transaction make 200', async () => {
  const db = await serve({ writeWaitMs: 20_000 })
  await connect(db).batch(COUNTER)
  const addOften = async () => {
    const client = connect(db)
    for (let i = 0; i < 25; i++) {
      const tx = await client.transaction('write')
      const { rows } = await tx.execute('select n from counter')
      await tx.execute({ sql: 'update counter set n = ?', args: [(rows[0]?.n as bigint) + 1n] })
      await tx.commit()
    }
  }
  await Promise.all(Array.from({ length: 8 }, addOften))
  expect((await connect(db).execute('select n from counter')).rows[0]?.n).toBe(200n)
  expect(db.stats()).toMatchObject({ isWriting: false, waitingWriters: 0 })
})

test('sixty concurrent transactions do not see the rows of one another', async () => {
  const db = await serve({ writeWaitMs: 20_000 })
  await connect(db).execute('create table t(owner integer)')
  const seen = await Promise.all(
    Array.from({ length: 60 }, async (_, owner) => {
      const tx = await connect(db).transaction('write')
      await tx.execute({ sql: 'insert into t values (?)', args: [BigInt(owner)] })
      const { rows } = await tx.execute('select owner from t')
      await tx.rollback()
      return rows.map((row) => row.owner)
    }),
  )
  expect(seen).toEqual(Array.from({ length: 60 }, (_, owner) => [BigInt(owner)]))
  expect((await connect(db).execute('select count(*) as n from t')).rows[0]?.n).toBe(0n)
})

test('a reader beside an open write transaction sees the rows from before it', async () => {
  const db = await serve()
  const client = connect(db)
  await client.batch(COUNTER)
  const tx = await client.transaction('write')
  await tx.execute('update counter set n = 7')
  expect((await connect(db).execute('select n from counter')).rows[0]?.n).toBe(0n)
  await tx.commit()
  expect((await connect(db).execute('select n from counter')).rows[0]?.n).toBe(7n)
})

test('a read transaction sees one state of the data, whatever is written meanwhile', async () => {
  const db = await serve()
  await connect(db).batch(COUNTER)
  const reader = await connect(db).transaction('read')
  expect((await reader.execute('select n from counter')).rows[0]?.n).toBe(0n)
  await connect(db).execute('update counter set n = 1')
  expect((await reader.execute('select n from counter')).rows[0]?.n).toBe(0n)
  await reader.commit()
})

test('a transaction that read before another one wrote cannot write, and can be tried again', async () => {
  const db = await serve()
  await connect(db).batch(COUNTER)
  const stale = await connect(db).transaction('deferred')
  await stale.execute('select n from counter')
  await connect(db).execute('update counter set n = n + 1')
  const { connections } = db.stats()
  await expect(stale.execute('update counter set n = 100')).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
  expect(db.stats().connections).toBe(connections) // none was spoiled: SQLite itself was not asked
  await stale.rollback()
  const again = await connect(db).transaction('deferred')
  const { rows } = await again.execute('select n from counter')
  await again.execute({ sql: 'update counter set n = ?', args: [(rows[0]?.n as bigint) + 1n] })
  await again.commit()
  expect((await connect(db).execute('select n from counter')).rows[0]?.n).toBe(2n)
})

test('a writer that waits too long gets SQLITE_BUSY, and the one who holds the lock can go on', async () => {
  const db = await serve({ writeWaitMs: 50 })
  await connect(db).batch(COUNTER)
  const holder = await connect(db).transaction('write')
  await holder.execute('update counter set n = 1')
  const message = 'SQLITE_BUSY: SQLite error: database is locked'
  await expect(connect(db).execute('update counter set n = 2')).rejects.toMatchObject({ message })
  await expect(connect(db).batch(['update counter set n = 2'])).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
  await holder.commit()
  await connect(db).execute('update counter set n = n + 10')
  expect((await connect(db).execute('select n from counter')).rows[0]?.n).toBe(11n)
})

test('waiting writers are served in the order in which they came', async () => {
  const db = await serve()
  await connect(db).execute('create table t(id integer primary key, who integer)')
  const holder = await connect(db).transaction('write')
  await holder.execute('insert into t(who) values (0)')
  const writers: Promise<unknown>[] = []
  for (let who = 1; who <= 5; who++) {
    writers.push(connect(db).execute({ sql: 'insert into t(who) values (?)', args: [BigInt(who)] }))
    await until(() => db.stats().waitingWriters === who)
  }
  expect(db.stats().connections - db.stats().idleConnections).toBe(1) // who waits holds no connection
  await holder.commit()
  await Promise.all(writers)
  const { rows } = await connect(db).execute('select who from t order by id')
  expect(rows.map((row) => row.who)).toEqual([0n, 1n, 2n, 3n, 4n, 5n])
})

test('an abandoned transaction is rolled back in time and frees the lock', async () => {
  const db = await serve({ streamIdleMs: 60 })
  await connect(db).batch(COUNTER)
  const { baton } = await pipeline(db, [execute('begin immediate'), execute('update counter set n = 9')])
  expect(db.stats()).toMatchObject({ isWriting: true, idleStreams: 1 })
  const waited = connect(db).execute('update counter set n = n + 1')
  await until(() => db.stats().idleStreams === 0)
  await waited
  expect((await connect(db).execute('select n from counter')).rows[0]?.n).toBe(1n)
  expect(await pipeline(db, [execute('commit')], baton)).toMatchObject({ code: 'STREAM_EXPIRED' })
})

test('a client that hangs up while it waits for the lock is forgotten, and what it held is rolled back', async () => {
  const db = await serve()
  await connect(db).batch(COUNTER)
  const holder = await pipeline(db, [execute('begin immediate')])
  const hangUp = new AbortController()
  const body = JSON.stringify({ requests: [execute('update counter set n = 5')] })
  const gone = fetch(`${db.url}/v2/pipeline`, { method: 'POST', body, signal: hangUp.signal })
  await until(() => db.stats().waitingWriters === 1)
  hangUp.abort()
  await expect(gone).rejects.toThrow()
  await until(() => db.stats().waitingWriters === 0 && db.stats().streams === 1)
  await pipeline(db, [execute('commit'), { type: 'close' }], holder.baton)
  expect((await connect(db).execute('select n from counter')).rows[0]?.n).toBe(0n)
})

test('a batch is all or nothing', async () => {
  const client = connect(await serve())
  await client.execute('create table t(a integer primary key)')
  const batch = client.batch(['insert into t values (1)', 'insert into t values (1)', 'insert into t values (2)'])
  await expect(batch).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' })
  expect((await client.execute('select count(*) as n from t')).rows[0]?.n).toBe(0n)
  const [, inserted] = await client.batch(['delete from t', 'insert into t values (1), (2) returning a'], 'deferred')
  expect(inserted).toMatchObject({ rowsAffected: 2, lastInsertRowid: 2n })
})

test('a failed statement leaves its transaction open and usable', async () => {
  const client = connect(await serve())
  await client.execute('create table t(a integer primary key)')
  const tx = await client.transaction('write')
  await tx.execute('insert into t values (1)')
  await expect(tx.execute('insert into t values (1)')).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' })
  await expect(tx.execute('select nope')).rejects.toMatchObject({ code: 'SQL_INPUT_ERROR' })
  await tx.execute('insert into t values (2)')
  await tx.commit()
  expect((await client.execute('select count(*) as n from t')).rows[0]?.n).toBe(2n)
})

test('a savepoint opens a transaction, rewinds it and ends it', async () => {
  const db = await serve()
  await connect(db).batch(COUNTER)
  const sqls = ['savepoint a', 'update counter set n = 1', 'savepoint b', 'update counter set n = 2', 'rollback to b']
  const { baton, results } = await pipeline(db, [...sqls.map((sql) => execute(sql)), { type: 'get_autocommit' }])
  expect(results.at(-1)!.response.is_autocommit).toBe(false)
  expect(db.stats().isWriting).toBe(true)
  await pipeline(db, [execute('release a')], baton)
  expect(db.stats().isWriting).toBe(false)
  expect((await connect(db).execute('select n from counter')).rows[0]?.n).toBe(1n)
})

test('a migration may switch foreign keys off, and the next stream has them on again', async () => {
  const db = await serve()
  const client = connect(db)
  await client.migrate([
    'create table child(p integer references parent(id))',
    'insert into child values (1)',
    'create table parent(id integer primary key)',
    'insert into parent values (1)',
  ])
  const off = await pipeline(db, [execute('pragma foreign_keys = off'), { type: 'close' }])
  expect(off.results[0]!.type).toBe('ok')
  const pragmas = await Promise.all(Array.from({ length: 8 }, () => connect(db).execute('pragma foreign_keys')))
  expect(pragmas.map(({ rows }) => rows[0]?.foreign_keys)).toEqual(Array(8).fill(1n))
  await expect(client.execute('insert into child values (2)')).rejects.toMatchObject({
    message: 'SQLITE_CONSTRAINT: SQLite error: FOREIGN KEY constraint failed',
  })
})

test('a transaction lost to another process stays lost until its client has rolled back', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'heliox-local-db-')), 'shared.db')
  onTestFinished(() => rmSync(dirname(file), { recursive: true, force: true }))
  const db = await serve({ file })
  await connect(db).batch(COUNTER)
  const { baton } = await pipeline(db, [execute('begin'), execute('select n from counter')])
  const stranger = openNative(file)
  stranger.exec('update counter set n = 1')
  const write = execute('update counter set n = n + 10')
  const lost = await pipeline(db, [write, write, execute('commit'), { type: 'get_autocommit' }], baton)
  expect(lost.results.slice(0, 3).map(({ error }) => error.code)).toEqual(Array(3).fill('SQLITE_BUSY'))
  expect(lost.results[3]!.response.is_autocommit).toBe(false)
  const found = await pipeline(db, [execute('rollback'), write, { type: 'close' }], lost.baton)
  expect(found.results.map(({ type }) => type)).toEqual(['ok', 'ok', 'ok'])

  stranger.exec('begin immediate')
  await expect(connect(db).execute('delete from counter')).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
  stranger.exec('commit')
  stranger.close()
  await connect(db).batch(['update counter set n = n + 100'], 'write')
  expect((await connect(db).execute('select n from counter')).rows[0]?.n).toBe(111n)
})

test('a transaction with a value that is refused gives the write lock back at once', async () => {
  const db = await serve({ writeWaitMs: 60_000, streamIdleMs: 60_000 })
  await connect(db).batch(COUNTER)
  for (const refused of ['a\0b', '["\\ud800"]']) {
    const tx = await connect(db).transaction('write')
    await tx.execute('update counter set n = n + 1')
    await expect(tx.execute({ sql: 'select ?', args: [refused] })).rejects.toMatchObject({ code: 'ARGS_INVALID' })
    await tx.rollback()
    expect(db.stats()).toMatchObject({ isWriting: false, streams: 0 })
    await connect(db).execute('update counter set n = n + 10')
  }
  expect((await connect(db).execute('select n from counter')).rows[0]?.n).toBe(20n)
})
