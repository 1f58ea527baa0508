import { sql } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import { seal, unseal } from '../seal.ts'
import { COSTS, S3_KEYS, sourceIn, startServer, startWithClock } from './testing.ts'

const TOKEN = 'a-token-that-nobody-may-see'
const SECRETS = { headers: `Authorization: Bearer ${TOKEN}` }
const WEB = { name: 'web', kind: 'https', config: { url: 'https://example.com/{yyyy}.csv' }, secrets: SECRETS }

test('a source is made, read, changed and removed on both wires; kinds fill in what was not said', async () => {
  const { write, json, trpc } = await startWithClock()
  const id = await sourceIn({ write }, { name: 'b', kind: 's3', config: { bucket: 'bills' }, secrets: S3_KEYS })
  const made = await json<{ config: object; version: string }>(`/api/v1/sources/${id}`)
  expect(made).toMatchObject({
    ...{
      name: 'b',
      kind: 's3',
      place: 'bills/',
      format: 'auto',
      is_enabled: true,
      kept_secrets: ['accessKeyId', 'secretAccessKey'],
    },
    config: { bucket: 'bills', region: 'us-east-1', addressing: 'path', layout: 'auto', same_month: 'add_up' },
  })
  const other = await trpc.sources.create.mutate({
    name: 'A',
    kind: 'prometheus',
    config: { url: 'http://prometheus:9090' },
  })
  expect(other).toMatchObject({ format: 'usage-csv', config: { days: 2, modelLabel: 'modelName' }, keptSecrets: [] })
  expect((await trpc.sources.list.query({})).sources.map(({ name }) => name)).toEqual(['A', 'b'])
  const changed = await write('PUT', `/api/v1/sources/${id}`, { name: 'c' }, { 'if-match': `"${made.version}"` })
  expect(changed).toMatchObject({ status: 200, body: { name: 'c', config: made.config } })
  const late = await write('PUT', `/api/v1/sources/${id}`, { name: 'd' }, { 'if-match': `"${made.version}"` })
  expect(late.status).toBe(412)
  expect((await write('DELETE', `/api/v1/sources/${id}`)).status).toBe(204)
  expect((await write('DELETE', `/api/v1/sources/${id}`)).body.error.code).toBe('sources.no_source')
})

test('what is wrong is said per field, under the kind’s own rules; names are unique whatever their letters', async () => {
  const { write } = await startWithClock()
  const attempt = async (body: object) => (await write('POST', '/api/v1/sources', { ...WEB, ...body })).body.error
  expect((await attempt({ kind: 's3', config: { bucket: '/', colour: 'red' }, secrets: {} })).details).toEqual([
    'config -> colour: there is no such field; known: bucket, prefix, region, endpoint, addressing, layout, pattern, same_month',
    'config -> bucket: is no name of a bucket',
  ])
  expect((await attempt({ secrets: { headers: 'no header' } })).details).toEqual([
    'secrets -> headers: must be lines such as "Authorization: Bearer …"',
  ])
  expect((await attempt({ kind: 's3', config: { bucket: 'bills' }, secrets: {} })).details).toEqual([
    ...['secrets -> access_key_id: is missing', 'secrets -> secret_access_key: is missing'],
  ])
  expect((await attempt({ format: 'no-such' })).code).toBe('ingest.unknown_format')
  expect((await attempt({ source: 'demo' })).code).toBe('ingest.reserved_source')
  await sourceIn({ write }, WEB)
  expect((await attempt({ name: 'WEB' })).code).toBe('sources.name_taken')
})

test('an address that the deployment does not ask is refused when it is entered, and a source that has one can still be renamed', async () => {
  const { write, db } = await startWithClock({ settings: { ALLOW_PRIVATE_SOURCES: 'false' } })
  const refused: [object, string][] = [
    [{ config: { url: 'http://169.254.169.254/latest' } }, 'config -> url'],
    [{ config: { url: 'http://168.63.129.16/machine' } }, 'config -> url'],
    [{ kind: 'opencost', config: { url: 'http://opencost.opencost.svc:9003' } }, 'config -> url'],
    [{ kind: 'prometheus', config: { url: 'http://10.0.0.5:9090' } }, 'config -> url'],
    [
      { kind: 's3', config: { bucket: 'bills', endpoint: 'http://127.0.0.1:9000' }, secrets: S3_KEYS },
      'config -> endpoint',
    ],
  ]
  for (const [fields, field] of refused) {
    const { status, body } = await write('POST', '/api/v1/sources', { ...WEB, ...fields })
    expect([fields, status, body.error]).toMatchObject([fields, 400, { code: 'sources.address_refused' }])
    expect(body.error.details).toEqual([expect.stringMatching(new RegExp(`^${field}: .*ALLOW_PRIVATE_SOURCES`))])
  }
  const id = await sourceIn({ write }, WEB)
  const put = (fields: object) => write('PUT', `/api/v1/sources/${id}`, fields)
  const inside = { config: { url: 'http://10.0.0.5/b.csv' }, secrets: SECRETS }
  expect(await put(inside)).toMatchObject({ status: 400, body: { error: { code: 'sources.address_refused' } } })
  await db.run(sql`update sources set config_json = ${JSON.stringify({ ...inside.config, holdsOneDay: true })}`)
  expect((await put({ name: 'old' })).status).toBe(200)
})

test('secrets are kept by a change that does not name them, replaced or forgotten by one that does', async () => {
  const { write, clock, db } = await startWithClock()
  const id = (await sourceIn({ write }, { ...WEB, secrets: { ...SECRETS, query: 'sig=abcdef' } })) as 'src_1'
  const kept = async () => {
    const { rows } = await db.$client.execute('select sealed_secrets from sources')
    return unseal(clock.settings.secretKey, id, String(rows[0]?.sealed_secrets))
  }
  await write('PUT', `/api/v1/sources/${id}`, { name: 'other' })
  expect(await kept()).toEqual({ ...SECRETS, query: 'sig=abcdef' })
  const { body } = await write('PUT', `/api/v1/sources/${id}`, { secrets: { query: null } })
  expect([await kept(), body.kept_secrets]).toEqual([SECRETS, ['headers']])
  await write('PUT', `/api/v1/sources/${id}`, { secrets: { headers: 'X-Key: another' } })
  expect(await kept()).toEqual({ headers: 'X-Key: another' })
  // Pointed at another server, kept secrets could be read there.
  const config = { url: 'https://elsewhere.example/{yyyy}.csv' }
  const moved = await write('PUT', `/api/v1/sources/${id}`, { config })
  expect([moved.status, moved.body.error.code]).toEqual([400, 'sources.secrets_again'])
  const tried = await write('POST', '/api/v1/sources/test', { id, kind: 'https', config })
  expect(tried.body.error.code).toBe('sources.secrets_again')
  expect((await write('PUT', `/api/v1/sources/${id}`, { config, secrets: SECRETS })).status).toBe(200)
  expect(
    (await write('PUT', `/api/v1/sources/${id}`, { config: { url: 'https://elsewhere.example/x.csv' } })).status,
  ).toBe(200)
})

test('a sealed text opens with the same key for the same source, and with nothing else', async () => {
  const sealed = await seal('k'.repeat(32), 'src_1', SECRETS)
  expect(sealed).not.toContain(TOKEN)
  expect(await seal('k'.repeat(32), 'src_1', SECRETS)).not.toBe(sealed)
  expect(await unseal('k'.repeat(32), 'src_1', sealed)).toEqual(SECRETS)
  const refused = { code: 'secrets.unreadable' }
  await expect(unseal('l'.repeat(32), 'src_1', sealed)).rejects.toMatchObject(refused)
  await expect(unseal('k'.repeat(32), 'src_2', sealed)).rejects.toMatchObject(refused)
  await expect(unseal('k'.repeat(32), 'src_1', `${sealed.slice(0, -2)}AA`)).rejects.toMatchObject(refused)
  expect(await unseal('k'.repeat(32), 'src_1', await seal('k'.repeat(32), 'src_1', {}))).toEqual({})
})

test('a secret is in no answer, no log line, no audit note and nowhere in the database, also where the server repeats it', async () => {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  const heliox = await startWithClock({ now: '2026-01-05T12:00:00Z', settings: { LOG_LEVEL: 'debug' } })
  const { write, fetch, db, round, moveTo } = heliox
  const url = await startServer((request, response) => {
    const said = `${request.headers.authorization} ${request.url}`
    if (request.url?.startsWith('/prom')) response.writeHead(400).end(JSON.stringify({ status: 'error', error: said }))
    else if (request.url?.startsWith('/costs')) response.end(`${COSTS}2026-01-01,aws,h100,1\n`)
    else response.writeHead(500, said.slice(0, 40)).end(said)
  })
  const query = 'sig=another-secret-of-this-test'
  const answers: string[] = []
  const tell = async (method: string, path: string, body?: object) => {
    const answer = await write(method, `/api/v1${path}`, body)
    answers.push(JSON.stringify(answer.body), JSON.stringify([...answer.headers]))
    return answer.body
  }
  const bodies = [
    { ...WEB, name: 'good', config: { url: `${url}/costs.csv` }, secrets: { ...SECRETS, query } },
    { ...WEB, name: 'bad', config: { url: `${url}/x.csv` }, secrets: { ...SECRETS, query } },
    { name: 'gone', kind: 'https', config: { url: 'http://127.0.0.1:1/x' }, secrets: { ...SECRETS, query } },
    { name: 'prom', kind: 'prometheus', config: { url: `${url}/prom` }, secrets: SECRETS },
    {
      name: 's3',
      kind: 's3',
      config: { bucket: 'bills', endpoint: url },
      secrets: { access_key_id: 'AK', secret_access_key: TOKEN },
    },
  ]
  const messages: string[] = []
  for (const body of bodies) {
    const { name, ...tried } = body
    messages.push((await tell('POST', '/sources/test', tried)).message)
    const { id } = await tell('POST', '/sources', body)
    await tell('POST', `/sources/${id}/run`)
    await tell('PUT', `/sources/${id}`, { secrets: { ...body.secrets }, currency: 'USD' })
    await tell('GET', `/sources/${id}`)
  }
  moveTo('2026-01-06T02:00:00Z')
  await round()
  await tell('POST', '/sources', { ...WEB, kind: 's3', secrets: { access_key_id: 1, secret_access_key: TOKEN } })
  for (const id of [1, 2, 3, 4, 5]) await tell('GET', `/sources/src_${id}/runs`)
  for (const path of ['/sources', '/audit', '/imports']) answers.push(await (await fetch(`/api/v1${path}`)).text())
  await tell('DELETE', '/sources/src_5')
  log.mockRestore()
  const { rows: tables } = await db.$client.execute(`select name from sqlite_schema where type = 'table'`)
  const stored: unknown[] = []
  for (const { name } of tables) stored.push((await db.$client.execute(`select * from "${name}"`)).rows)
  const text = (value: unknown) =>
    JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part))
  expect(messages[3]).toMatch(/refused the query: … … /) // the server did repeat it
  expect([answers.length, lines.length, stored.length].every((n) => n > 20)).toBe(true)
  for (const secret of [TOKEN, 'another-secret-of-this-test'])
    for (const place of [answers.join('\n'), lines.join('\n'), text(stored)]) expect(place).not.toContain(secret)
  expect(text(stored)).toContain('sources.update')
})
