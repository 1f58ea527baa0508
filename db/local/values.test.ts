import { createClient } from '@libsql/client'
import { expect, test } from 'vitest'
import { connect, execute, pipeline, post, serve } from './testing.ts'
import { hasLoneSurrogateEscape } from './values.ts'

test('every kind of value comes back as it went, by both entries of the client', async () => {
  const db = await serve()
  const values = [
    null,
    0n,
    2n ** 53n + 1n,
    -(2n ** 53n) - 1n,
    2n ** 63n - 1n,
    -(2n ** 63n - 1n),
    -(2n ** 63n),
    0.1,
    -1.5e300,
    5e-324,
    '',
    'Grüße, 世界 👩‍🚀 "quoted" \\ \n\t\u2028',
  ]
  for (const client of [connect(db), createClient({ url: db.url, intMode: 'bigint' })]) {
    const { rows } = await client.execute({ sql: `select ${values.map(() => '?').join()}`, args: values })
    expect(Array.from({ length: values.length }, (_, i) => rows[0]?.[i])).toEqual(values)
    client.close()
  }
})

test('blobs keep every byte, also none at all', async () => {
  const client = connect(await serve())
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
  for (const blob of [new Uint8Array(0), bytes.slice(0, 1), bytes.slice(0, 2), bytes]) {
    const { rows } = await client.execute({ sql: 'select ?1 as b, typeof(?1) as t, length(?1) as n', args: [blob] })
    expect(rows[0]).toMatchObject({ t: 'blob', n: BigInt(blob.length) })
    expect(new Uint8Array(rows[0]?.b as ArrayBuffer)).toEqual(blob)
  }
})

test('integers and floats arrive as such', async () => {
  const client = connect(await serve())
  const sql = 'select typeof(?1) as int, typeof(?2) as float, 7/?1 as q, typeof(?3) as whole'
  const { rows } = await client.execute({ sql, args: [2n, 2, 1e15] })
  expect(rows[0]).toMatchObject({ int: 'integer', float: 'real', q: 3n, whole: 'real' })
})

test('a rowid beyond 2^53 is reported exactly', async () => {
  const client = connect(await serve())
  await client.execute('create table t(id integer primary key)')
  const { lastInsertRowid } = await client.execute('insert into t values (9007199254740993)')
  expect(lastInsertRowid).toBe(2n ** 53n + 1n)
})

test('a sum beyond 64 bits is an error and not a float', async () => {
  const client = connect(await serve())
  const sum = client.execute('select sum(column1) from (values (9223372036854775807), (1))')
  await expect(sum).rejects.toMatchObject({ message: 'SQLITE_UNKNOWN: SQLite error: integer overflow' })
  expect((await client.execute('select 1 as one')).rows[0]?.one).toBe(1n)
})

test('a boolean, and whatever else is no value, is refused, and the server lives', async () => {
  const db = await serve()
  const wrong = [
    true,
    1,
    'text',
    null,
    [],
    {},
    { type: 'boolean', value: true },
    { type: 'none' },
    { type: 'text', value: true },
    { type: 'text' },
    { type: 'integer', value: 5 },
    { type: 'integer', value: '' },
    { type: 'integer', value: '1.5' },
    { type: 'integer', value: '9223372036854775808' },
    { type: 'integer', value: '-9223372036854775809' },
    { type: 'float', value: '1' },
    { type: 'float', value: null },
    { type: 'blob', base64: '*' },
    { type: 'blob', base64: 'AAAAA' },
    { type: 'blob', value: 'AAAA' },
  ]
  for (const value of wrong) {
    const { status, reply } = await post(db, JSON.stringify({ requests: [execute('select ?', [value])] }))
    expect([value, status, reply.code]).toEqual([value, 400, 'PROTOCOL_ERROR'])
  }
  const infinite = await post(
    db,
    '{"requests":[{"type":"execute","stmt":{"sql":"select ?","args":[{"type":"float","value":1e999}]}}]}',
  )
  expect(infinite.status).toBe(400)
  const { results } = await pipeline(db, [execute('select ?', [{ type: 'integer', value: '1' }])])
  expect(results[0]!.response.result.rows).toEqual([[{ type: 'integer', value: '1' }]])
})

test('text the driver could not hand out again is refused: NUL, and JSON with half a surrogate pair', async () => {
  const client = connect(await serve())
  const pair = JSON.stringify(['👩‍🚀']).replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)
  expect((await client.execute({ sql: 'select value from json_each(?)', args: [pair] })).rows[0]?.value).toBe('👩‍🚀')
  const halves = ['["\\ud83d"]', ' {"\\uDE00": 1}', '"\\ud83d x \\ude00"', '["\\ud83d\\ud83d\\ude00"]']
  for (const text of [...halves, 'a\0b']) {
    const answer = client.execute({ sql: 'select value from json_each(?)', args: [text] })
    await expect(answer, text).rejects.toMatchObject({ code: 'ARGS_INVALID' })
  }
  await expect(client.execute(`select json_extract('"\\ud83d"', '$')`)).rejects.toMatchObject({
    code: 'SQL_PARSE_ERROR',
  })
})

test('an escaped backslash before ud800 is no escape', () => {
  expect(hasLoneSurrogateEscape('"C:\\\\ud800"')).toBe(false)
  expect(hasLoneSurrogateEscape('"\\\\\\ud800"')).toBe(true)
  expect(hasLoneSurrogateEscape('"\\ud83d\\\\ude00"')).toBe(true)
  expect(hasLoneSurrogateEscape('"\\u00e9 \\uD83D\\uDE00 \\ud7ff"')).toBe(false)
})
