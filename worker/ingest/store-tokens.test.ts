import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { writeBatch } from '../../db/client.ts'
import { rowOf } from '../../db/units/ids.ts'
import { startHeliox } from '../testing.ts'
import { removeTokensOf } from './store-tokens.ts'

const HEADER = 'request_id,timestamp,team,model,prompt_tokens,completion_tokens,cost_usd\n'
const FILE = `${HEADER}a,2026-02-01T00:00:00Z,Vision,m,10,5,0.5
b,2026-02-01T00:00:01Z,search,m,20,6,0.25
c,2026-02-02T00:00:00Z,,m,30,7,
`

test('a team is looked up by its name in any case and never made', async () => {
  const { send, write, db } = await startHeliox()
  await write('POST', '/api/v1/teams', { name: 'vision' })
  const { result } = await send('requests-csv', FILE)
  expect(result).toMatchObject({ inserted: 3, failed: 0 })
  const rows = await db.all(sql`select record_id, team_id, project from token_usage order by record_id`)
  expect(rows).toEqual([
    { record_id: 'a', team_id: 1n, project: 'Vision' },
    { record_id: 'b', team_id: null, project: 'search' },
    { record_id: 'c', team_id: null, project: '' },
  ])
  expect(await db.all(sql`select name from teams`)).toEqual([{ name: 'vision' }])
})

test('a later file replaces what it corrects, and tells new, changed and equal calls apart', async () => {
  const { send, db } = await startHeliox()
  await send('requests-csv', FILE)
  const changed = FILE.replace('m,20,6,0.25', 'm,20,6,0.75').replace(/c,.*\n/, 'd,2026-02-03,,m,1,1,1\n')
  const { result } = await send('requests-csv', changed)
  expect(result).toMatchObject({ inserted: 1, updated: 2, unchanged: 1, failed: 0 })
  const rows = await db.all(sql`select record_id, cost_nano_usd, created_by, changed_by, seen_by
    from token_usage order by record_id`)
  expect(rows).toEqual([
    { record_id: 'a', cost_nano_usd: 500_000_000n, created_by: 1n, changed_by: 1n, seen_by: 2n },
    { record_id: 'b', cost_nano_usd: 750_000_000n, created_by: 1n, changed_by: 2n, seen_by: 2n },
    { record_id: 'c', cost_nano_usd: null, created_by: 1n, changed_by: 1n, seen_by: 1n },
    { record_id: 'd', cost_nano_usd: 1_000_000_000n, created_by: 2n, changed_by: 2n, seen_by: 2n },
  ])
})

test('a second row of a call is quarantined with its dollars, near by or ten thousand rows on', async () => {
  const { send, db } = await startHeliox()
  const near = await send('requests-csv', `${FILE}b,2026-02-01T00:00:01Z,search,m,20,6,9\n`)
  expect(near.result).toMatchObject({ inserted: 3, failed: 1 })
  expect(near.result.errors).toMatchObject([{ line: 5, code: 'ingest.repeated', cost_usd: '9.00' }])
  expect(near.result.totals).toMatchObject({
    ...{ file_cost_usd: '9.75', stored_cost_usd: '0.75', quarantined_cost_usd: '9.00', rounding_cost_usd: '0.00' },
  })
  const many = Array.from({ length: 10_500 }, (_, at) => `x${at},2026-02-01,,m,1,1,0.001\n`).join('')
  const far = await send('requests-csv', `${HEADER}${many}x3,2026-02-01,,m,1,1,4\n`, '&source=far')
  expect(far.result).toMatchObject({ inserted: 10_500, failed: 1 })
  expect(far.result.errors).toMatchObject([{ line: 10_502, code: 'ingest.repeated', cost_usd: '4.00' }])
  expect(far.result.totals).toMatchObject({ file_cost_usd: '14.50', stored_cost_usd: '10.50' })
  const [sum] = await db.all<{ cost: bigint }>(sql`select sum(cost_nano_usd) as cost from token_usage`)
  expect(sum?.cost).toBe(11_250_000_000n)
})

test('a dry run counts and stores nothing', async () => {
  const { fetch, send, db } = await startHeliox()
  const dry = async () =>
    (await (
      await fetch('/api/v1/imports?format=requests-csv&dry_run=true', { method: 'POST', body: FILE })
    ).json()) as Awaited<ReturnType<typeof send>>
  expect((await dry()).result).toMatchObject({ inserted: 3, updated: 0 })
  expect(await db.all(sql`select * from token_usage`)).toEqual([])
  await send('requests-csv', FILE)
  expect((await dry()).result).toMatchObject({ inserted: 0, updated: 3, unchanged: 3 })
})

test('who sees some teams stores rows of these, and takes no call from another team', async () => {
  const heliox = await startHeliox()
  for (const name of ['vision', 'search']) await heliox.write('POST', '/api/v1/teams', { name })
  await heliox.send('requests-csv', `${HEADER}t,2026-02-01,search,m,1,1,1\nn,2026-02-01,,m,1,1,2\n`)
  const developer = await heliox.as('developer', ['team_1'])
  const body = `${FILE}t,2026-02-01,vision,m,1,1,3\nn,2026-02-01,vision,m,1,1,4\n`
  const sent = await developer.fetch('/api/v1/imports?format=requests-csv', { method: 'POST', body })
  const { result } = (await sent.json()) as Awaited<ReturnType<typeof heliox.send>>
  expect(result).toMatchObject({ inserted: 1, updated: 0, failed: 4 })
  expect(result.errors.map(({ line, code, cost_usd }) => [line, code, cost_usd])).toEqual([
    ...[
      [3, 'ingest.other_team', '0.25'],
      [4, 'ingest.other_team', null],
    ],
    ...[
      [5, 'ingest.other_team', '3.00'],
      [6, 'ingest.other_team', '4.00'],
    ],
  ])
  expect(JSON.stringify(result.errors)).toContain('\\"search\\" is not one of your teams')
  expect(result.totals).toMatchObject({
    ...{ file_cost_usd: '7.75', stored_cost_usd: '0.50', quarantined_cost_usd: '7.25' },
  })
  const taken = await heliox.db.all(sql`select record_id, team_id from token_usage where record_id in ('t', 'n')`)
  expect(taken).toEqual([
    { record_id: 't', team_id: 2n },
    { record_id: 'n', team_id: null },
  ])
})

test('the same id from two sources is two calls', async () => {
  const { send, db } = await startHeliox()
  await send('requests-csv', FILE)
  await send('requests-csv', FILE, '&source=other-gateway')
  expect(await db.all(sql`select count(*) as n from token_usage`)).toEqual([{ n: 6n }])
})

test('an import’s calls are taken away again, but not those that a later one has brought too', async () => {
  const { send, db } = await startHeliox()
  const first = await send('requests-csv', FILE)
  await send('requests-csv', FILE.replace(/c,.*\n/, ''))
  const row = BigInt(rowOf('imp', first.import_id) ?? 0)
  const removed = await writeBatch(db, removeTokensOf(row, 1))
  expect(removed[0]?.rowsAffected).toBe(1)
  expect((await writeBatch(db, removeTokensOf(row)))[0]?.rowsAffected).toBe(0)
  expect(await db.all(sql`select record_id from token_usage order by 1`)).toEqual([
    { record_id: 'a' },
    { record_id: 'b' },
  ])
})

test('the message says how many tokens the file has', async () => {
  const { send } = await startHeliox()
  expect((await send('requests-csv', FILE)).message).toBe('3 rows stored. Tokens in the file: 60 input, 18 output')
})
