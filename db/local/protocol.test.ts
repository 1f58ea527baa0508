import { expect, test } from 'vitest'
import { connect, execute, pipeline, post, serve } from './testing.ts'

const step = (sql: string, condition?: unknown) => ({
  stmt: { sql },
  ...(condition === undefined ? {} : { condition }),
})

test('a baton is good for one request', async () => {
  const db = await serve()
  const first = await pipeline(db, [execute('select 1')])
  const second = await pipeline(db, [execute('select 2')], first.baton)
  expect(second.results[0]!.type).toBe('ok')
  expect(second.baton).not.toBe(first.baton)
  for (const baton of [first.baton, 'nonsense', '']) {
    const { status, reply } = await post(db, JSON.stringify({ baton, requests: [] }))
    expect([status, reply.code]).toEqual([400, 'STREAM_EXPIRED'])
  }
  const closed = await pipeline(db, [{ type: 'close' }], second.baton)
  expect(closed).toMatchObject({ baton: null, results: [{ type: 'ok', response: { type: 'close' } }] })
  expect(db.stats().streams).toBe(0)
})

test('the steps of a batch run by their conditions', async () => {
  const db = await serve()
  const steps = [
    step('select 0'), // 0: ok
    step('select nope'), // 1: error
    step('select 2', { type: 'ok', step: 0 }),
    step('select 3', { type: 'ok', step: 1 }), // skipped
    step('select 4', { type: 'error', step: 1 }),
    step('select 5', { type: 'error', step: 0 }), // skipped
    step('select 6', { type: 'not', cond: { type: 'ok', step: 3 } }),
    step('select 7', {
      type: 'and',
      conds: [
        { type: 'ok', step: 0 },
        { type: 'ok', step: 3 },
      ],
    }), // skipped
    step('select 8', {
      type: 'or',
      conds: [
        { type: 'ok', step: 3 },
        { type: 'ok', step: 0 },
      ],
    }),
    step('select 9', { type: 'is_autocommit' }),
    step('begin'),
    step('select 11', { type: 'is_autocommit' }), // skipped
    step('select 12', { type: 'and', conds: [] }),
    step('select 13', { type: 'or', conds: [] }), // skipped
  ]
  const { results } = await pipeline(db, [{ type: 'batch', batch: { steps } }, { type: 'close' }])
  const { step_results: ran, step_errors: failed } = results[0]!.response.result
  expect(ran.flatMap((result: unknown, i: number) => (result ? [i] : []))).toEqual([0, 2, 4, 6, 8, 9, 10, 12])
  expect(failed.flatMap((error: unknown, i: number) => (error ? [i] : []))).toEqual([1])
  expect(failed[1]?.code).toBe('SQL_INPUT_ERROR')
})

test('a condition may only look back', async () => {
  const db = await serve()
  const conditions: unknown[] = [
    { type: 'ok', step: 0 },
    { type: 'error', step: -1 },
    { type: 'ok' },
    { type: 'maybe' },
    5,
  ]
  let deep: unknown = { type: 'is_autocommit' }
  for (let i = 0; i < 1_000; i++) deep = { type: 'not', cond: deep }
  for (const condition of [...conditions, deep]) {
    const batch = { steps: [step('select 1', condition)] }
    expect((await post(db, JSON.stringify({ requests: [{ type: 'batch', batch }] }))).status).toBe(400)
  }
})

test('a statement is described without being run', async () => {
  const db = await serve()
  await connect(db).execute('create table t(a integer, b text)')
  const sqls = [
    'select a, b as c, 1 from t where a = :x and b = ? and a = ?5',
    'insert into t values (1, 2)',
    'explain select 1',
  ]
  const { results } = await pipeline(db, [...sqls.map((sql) => ({ type: 'describe', sql })), { type: 'close' }])
  const [select, insert, explain] = results.map((result) => result.response.result)
  expect(select).toEqual({
    params: [{ name: ':x' }, { name: null }, { name: null }, { name: null }, { name: '?5' }],
    cols: [
      { name: 'a', decltype: 'INTEGER' },
      { name: 'c', decltype: 'TEXT' },
      { name: '1', decltype: null },
    ],
    is_explain: false,
    is_readonly: true,
  })
  expect(insert).toEqual({ params: [], cols: [], is_explain: false, is_readonly: false })
  expect(explain).toMatchObject({ is_explain: true, is_readonly: true })
  expect((await connect(db).execute('select count(*) as n from t')).rows[0]?.n).toBe(0n)
})

test('SQL is stored under a number for its stream alone', async () => {
  const db = await serve()
  const byId = { type: 'execute', stmt: { sql_id: 7 } }
  const stored = await pipeline(db, [{ type: 'store_sql', sql_id: 7, sql: 'select 42' }, byId])
  expect(stored.results[1]!.response.result.rows).toEqual([[{ type: 'integer', value: '42' }]])
  expect(await pipeline(db, [byId])).toMatchObject({ message: 'SQL text 7 not found' })
  const reopened = await pipeline(db, [{ type: 'close_sql', sql_id: 7 }, { type: 'get_autocommit' }], stored.baton)
  expect(reopened.results[1]!.response).toEqual({ type: 'get_autocommit', is_autocommit: true })
  expect(await pipeline(db, [byId], reopened.baton)).toMatchObject({ code: 'PROTOCOL_ERROR' })
})

test('arguments are found by name with any sign, or by number', async () => {
  const client = connect(await serve())
  const named = await client.execute({
    sql: 'select :a as x, @b as y, $c as z, :a as w',
    args: { a: 1n, b: null, $c: 'c' },
  })
  expect(named.rows[0]).toMatchObject({ x: 1n, y: null, z: 'c', w: 1n })
  const numbered = await client.execute({ sql: 'select ?2 as x, ?1 as y', args: ['first', 'second'] })
  expect(numbered.rows[0]).toMatchObject({ x: 'second', y: 'first' })
  for (const args of [['only one'], ['a', 'b', 'c'], { a: 1n }]) {
    await expect(client.execute({ sql: 'select ?, ?', args })).rejects.toMatchObject({ code: 'ARGS_INVALID' })
  }
})

test('rows can be left out of the answer, and the statement still runs to its end', async () => {
  const db = await serve()
  await connect(db).execute('create table t(a)')
  const stmt = { sql: 'insert into t values (1), (2) returning a', want_rows: false }
  const { results } = await pipeline(db, [{ type: 'execute', stmt }, { type: 'close' }])
  expect(results[0]!.response.result).toMatchObject({ rows: [], affected_row_count: 2, last_insert_rowid: '2' })
  expect((await connect(db).execute('select count(*) as n from t')).rows[0]?.n).toBe(2n)
})

test('a script runs up to its first error', async () => {
  const client = connect(await serve())
  await client.executeMultiple(`
    create table t(a); create table log(a);
    create trigger g after insert on t begin insert into log values (new.a); insert into log values (';'); end;
    begin; insert into t values (1); commit; -- done`)
  expect((await client.execute('select count(*) as n from log')).rows[0]?.n).toBe(2n)
  const failing = client.executeMultiple('insert into t values (2); insert into nowhere values (1); delete from t')
  await expect(failing).rejects.toMatchObject({ code: 'SQLITE_UNKNOWN' })
  expect((await client.execute('select a from t')).rows.map((row) => row.a)).toEqual([1n, 2n])
})

test('errors have the codes and words of hosted libSQL', async () => {
  const client = connect(await serve())
  await client.executeMultiple(`create table s(i integer not null check (i < 10), u text unique) strict;
    insert into s values (1, 'a')`)
  const expected: [sql: string, message: string][] = [
    ["insert into s values (2, 'a')", 'SQLITE_CONSTRAINT: SQLite error: UNIQUE constraint failed: s.u'],
    ['insert into s values (null, null)', 'SQLITE_CONSTRAINT: SQLite error: NOT NULL constraint failed: s.i'],
    ['insert into s values (10, null)', 'SQLITE_CONSTRAINT: SQLite error: CHECK constraint failed: i < 10'],
    [
      "insert into s values ('x', null)",
      'SQLITE_CONSTRAINT: SQLite error: cannot store TEXT value in INTEGER column s.i',
    ],
    ['selec 1', 'SQL_PARSE_ERROR: SQL string could not be parsed: near "selec": syntax error'],
    ['select nope from s', 'SQL_INPUT_ERROR: SQLite input error: no such column: nope (at offset 7)'],
    ['select * from nope', 'SQLITE_UNKNOWN: SQLite error: no such table: nope'],
    ["select * from json_each('{')", 'SQLITE_UNKNOWN: SQLite error: malformed JSON'],
    ['commit', 'SQLITE_UNKNOWN: SQLite error: cannot commit - no transaction is active'],
    ['', 'SQL_NO_STATEMENT: SQL string does not contain any statement'],
    ['select 1; select 2', 'SQL_MANY_STATEMENTS: SQL string contains more than one statement'],
    [
      "attach 'x.db' as x",
      `SQL_PARSE_ERROR: SQL string could not be parsed: unsupported statement: attach 'x.db' as x`,
    ],
  ]
  for (const [sql, message] of expected) {
    await expect(client.execute(sql), sql).rejects.toMatchObject({ message })
  }
})

test('a statement prepared before the schema changed shows the new columns', async () => {
  const client = connect(await serve())
  await client.executeMultiple('create table t(a); insert into t values (1)')
  expect((await client.execute('select * from t')).columns).toEqual(['a'])
  await client.execute('alter table t add column b')
  const { columns, rows } = await client.execute('select * from t')
  expect(columns).toEqual(['a', 'b'])
  expect(rows[0]).toMatchObject({ a: 1n, b: null })
})
