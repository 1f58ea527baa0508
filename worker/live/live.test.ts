import { expect, test } from 'vitest'
import type { Scope } from '../scope.ts'
import { startHeliox } from '../testing.ts'
import { watchChanges } from './watch-changes.ts'

const BILL = (cost: number) => `date,provider,gpu_type,cost_usd\n2026-01-13,aws,h100,${cost}\n`
const jobs = (team: string, id: string) =>
  `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n${id},${team},m,aws,h100,1,2026-01-13T00:00:00Z,2026-01-13T01:00:00Z,completed\n`

type Step = () => unknown

/** What a stream says; before each look but the first something happens. */
async function said(scope: Scope, steps: Step[], seconds = steps.length * 2): Promise<(string | null)[]> {
  const names: (string | null)[] = []
  const pause = async () => void (await steps.shift()?.())
  for await (const change of watchChanges(scope, { seconds }, pause)) names.push(change?.name ?? null)
  return names
}

test('a stream says how it stands, that an import ended and the ledger moved, and that its time is over', async () => {
  const { scope, send } = await startHeliox()
  const nothing = () => undefined
  expect(await said(scope, [nothing, () => send('cost-csv', BILL(10)), nothing])).toEqual([
    ...['state', 'import', 'ledger', 'end'],
  ])
  expect(await said(scope, [])).toEqual(['state', 'end'])
})

test('an import says that it starts and that it ends, and nothing while it is read', async () => {
  const { scope, write, db } = await startHeliox()
  const become = (status: string) => () =>
    db.$client.execute(`update imports set status = '${status}', rows_read = rows_read + 1`)
  const steps = [
    () => write('POST', '/api/v1/uploads', { format: 'cost-csv', file_name: 'a.csv' }),
    become('reading'),
    become('storing'),
    become('failed'),
  ]
  expect(await said(scope, steps)).toEqual(['state', 'import', 'import', 'end'])
})

test('calls of models that came in are told once they are stored', async () => {
  const { scope, write, book } = await startHeliox()
  const call = async () => {
    await write('POST', '/v1/chat/completions', { model: 'echo', messages: [{ role: 'user', content: 'hi' }] })
    await book.flush()
  }
  expect(await said(scope, [call, () => undefined])).toEqual(['state', 'calls', 'end'])
})

test('where nothing happens there is a sign of life every 14 seconds', async () => {
  const { scope } = await startHeliox()
  expect(await said(scope, [], 30)).toEqual(['state', null, null, 'end'])
})

test('who sees some teams hears of their imports alone, and of the ledger whoever moved it', async () => {
  const heliox = await startHeliox()
  for (const name of ['ml', 'nlp']) await heliox.write('POST', '/api/v1/teams', { name })
  const developer = await heliox.as('developer', ['team_1'])
  const actor = {
    ...heliox.scope.actor,
    ...{ userId: developer.userId, role: 'developer', teamIds: ['team_1'] },
  } as Scope['actor']
  const others = () => heliox.send('jobs-csv', jobs('nlp', 'b'))
  const own = () => developer.fetch('/api/v1/imports?format=jobs-csv', { method: 'POST', body: jobs('ml', 'a') })
  expect(await said({ ...heliox.scope, actor }, [others, own])).toEqual(['state', 'ledger', 'import', 'ledger', 'end'])
})

test('streams of one isolate share what one of them has read', async () => {
  const { scope } = await startHeliox()
  let batches = 0
  const client = new Proxy(scope.db.$client, {
    get: (target, name) => {
      if (name === 'batch') batches += 1
      const own = Reflect.get(target, name, target)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
  const db = new Proxy(scope.db, { get: (target, name) => (name === '$client' ? client : Reflect.get(target, name)) })
  const shared = { ...scope, db, isolate: {} }
  await Promise.all([said(shared, [], 8), said(shared, [], 8)])
  expect(batches).toBeLessThanOrEqual(2) // both begin at once; of the eight looks after that none asks
  await said({ ...scope, db }, [], 8)
  expect(batches).toBeGreaterThanOrEqual(6) // without an isolate each look asks: 1 + 4
})

test('a database that does not answer is looked at again, and after five more times the stream closes', async () => {
  const { scope } = await startHeliox()
  const quiet = { ...scope, log: { ...scope.log, error: () => undefined } } as Scope
  const rename = (from: string, to: string) => () => scope.db.$client.execute(`alter table ${from} rename to ${to}`)
  const away = rename('imports', 'imports_gone')
  expect(await said(quiet, [away, () => undefined, rename('imports_gone', 'imports')])).toEqual(['state', 'end'])
  expect(await said(quiet, [away], 60)).toEqual(['state'])
})

test('over the wire it is a stream of events for whoever is signed in, and a refusal for others', async () => {
  const { fetch, stranger, write, callerWith } = await startHeliox()
  const answer = await fetch('/api/v1/live?seconds=0')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  const events = (await answer.text()).trim().split('\n\n')
  expect(events[0]).toMatch(/^event: state\ndata: \{"ledger":"\d+","imports":"[\w-]{16}","calls":"[\w-]{16}"\}$/)
  expect(events[1]).toBe(events[0]?.replace('state', 'end'))
  expect((await stranger('/api/v1/live?seconds=0')).status).toBe(401)
  expect((await fetch('/api/v1/live?seconds=241')).status).toBe(400)
  const { body } = await write('POST', '/api/v1/keys', { name: 'loader', scopes: ['ingest'] })
  const loader = callerWith({ authorization: `Bearer ${body.key}` })
  expect((await loader.fetch('/api/v1/live?seconds=0')).status).toBe(403)
})
