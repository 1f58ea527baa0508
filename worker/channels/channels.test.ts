import { sql } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import type { TeamId } from '../../db/units/ids.ts'
import { startReceiver, startWithDeliveries } from '../deliveries/testing.ts'
import { startHeliox } from '../testing.ts'

const PATH = '/services/T0001/B0001/averysecrettokenx3Kq'

test('a channel is set up, shown masked, changed and removed, and a test message says what came back', async () => {
  const heliox = await startWithDeliveries({ PUBLIC_URL: 'https://heliox.example.com/' })
  let reply = { status: 200, body: 'ok' }
  const { url, received } = await startReceiver(() => reply)
  const made = await heliox.channel({ name: '#costs', kind: 'slack', secrets: { url: `${url}${PATH}` } })
  expect(made).toMatchObject({
    ...{ id: 'chan_1', place: `${url}/…x3Kq`, kept_secrets: ['url'], config: {}, team_id: null, signing_key: null },
    ...{ waiting_count: 0, dead_count: 0, is_enabled: true },
  })
  const tested = await heliox.write('POST', '/api/v1/channels/chan_1/test')
  expect(tested.body).toMatchObject({ is_fine: true, message: 'Slack took it (200)', delivery_id: 'dlv_1' })
  expect(JSON.parse(received[0]?.body ?? '').blocks.at(-1).text.text).toBe(
    '<https://heliox.example.com/channels|Open in Heliox>',
  )
  reply = { status: 404, body: 'no_service' }
  const failed = await heliox.write('POST', '/api/v1/channels/chan_1/test')
  expect(failed.body).toMatchObject({
    ...{ is_fine: false, message: 'Slack answered 404: no service', delivery_id: null },
  })
  expect((await heliox.list()).map(({ status, title }) => [status, title])).toEqual([['sent', 'Heliox reaches #costs']])
  const put = (body: object, tag = made.version) =>
    heliox.write('PUT', '/api/v1/channels/chan_1', body, { 'if-match': tag })
  const renamed = await put({ name: '#gpu' })
  expect([renamed.status, renamed.body.place]).toEqual([200, made.place])
  expect((await put({ name: '#late' })).status).toBe(412)
  expect((await put({ secrets: { url: 'http://127.0.0.1:1/x' } }, renamed.body.version)).body.place).toBe(
    'http://127.0.0.1:1/…',
  )
  const refused = await heliox.write('POST', '/api/v1/channels/chan_1/test')
  expect(refused.body).toMatchObject({ is_fine: false, message: 'Slack cannot be reached' })
  expect((await heliox.write('DELETE', '/api/v1/channels/chan_1')).status).toBe(204)
  expect((await heliox.fetch('/api/v1/channels/chan_1')).status).toBe(404)
  expect(await heliox.list()).toEqual([])
})

test('no secret stands in the database, an answer, the audit log or a line of the log', async () => {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(String(line)))
  const heliox = await startWithDeliveries({ LOG_LEVEL: 'debug' })
  const { url } = await startReceiver((n) => ({ status: n % 2 ? 500 : 404, body: PATH }))
  const secrets = { url: `${url}${PATH}`, signing_key: 'a-signing-key-of-somebody' }
  const answers: string[] = []
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await heliox.write(method, `/api/v1${path}`, body)
    answers.push(JSON.stringify(answer.body), JSON.stringify([...answer.headers]))
    return answer
  }
  expect((await ask('POST', '/channels', { name: 'hook', kind: 'webhook', secrets })).status).toBe(201)
  const apiKey = 'an-api-key-of-somebody'
  const mail = { provider: 'resend', from: 'a@example.com', to: 'b@example.com', endpoint: url }
  await ask('POST', '/channels', { name: 'mail', kind: 'email', config: mail, secrets: { api_key: apiKey } })
  await heliox.tell(['chan_1', 'chan_2'], 'one')
  await heliox.deliver()
  heliox.moveTo('2026-03-01T13:00:00Z')
  await heliox.deliver()
  await ask('POST', '/channels/chan_1/test')
  await ask('PUT', '/channels/chan_1', { secrets: { url: `${url}${PATH}2` } })
  await ask('PUT', '/channels/chan_1', { secrets: { url: `ftp://x${PATH}` } })
  for (const path of ['/channels', '/channels/chan_1', '/deliveries', '/audit', '/channels/kinds'])
    await ask('GET', path)
  const stored = await heliox.db.all(sql`select * from channels`)
  const rows = await heliox.db.all(sql`select * from deliveries`)
  const audit = await heliox.db.all(sql`select * from audit_log`)
  const text = [answers, lines, stored, rows, audit]
    .map((part) => JSON.stringify(part, (_, value) => (typeof value === 'bigint' ? String(value) : value)))
    .join('\n')
  vi.restoreAllMocks()
  expect(text).toContain('channels.update') // it did read the log
  expect(lines.length).toBeGreaterThan(3)
  for (const secret of ['averysecrettoken', 'T0001', secrets.signing_key, apiKey]) expect(text).not.toContain(secret)
})

test('a signing key that Heliox makes is told once, and made anew on demand', async () => {
  const { channel, write, json } = await startWithDeliveries()
  const made = await channel({ name: 'hook', kind: 'webhook', secrets: { url: 'http://127.0.0.1:1/hook' } })
  expect(made.signing_key).toMatch(/^whsec_[\w-]{43}$/)
  expect(JSON.stringify(await json('/api/v1/channels/chan_1'))).not.toContain(made.signing_key)
  const anew = await write('PUT', '/api/v1/channels/chan_1', { secrets: { signing_key: null } })
  expect(anew.body.signing_key).toMatch(/^whsec_/)
  expect(anew.body.signing_key).not.toBe(made.signing_key)
  expect((await write('PUT', '/api/v1/channels/chan_1', { name: 'same' })).body.signing_key).toBeNull()
})

test.each<[string, object, RegExp]>([
  ['no address', { kind: 'slack' }, /secrets -> url: /],
  ['a name in it', { kind: 'slack', secrets: { url: 'https://me:pw@hooks.slack.com/x' } }, /without a name/],
  ['a field that is none', { kind: 'slack', config: { color: 'red' } }, /config -> color: there is no such field/],
  ['no key', { kind: 'email', config: { provider: 'resend', from: 'a@b.de', to: 'c@d.de' } }, /api_key: is missing/],
  ['no binding', { kind: 'email', config: { provider: 'binding', from: 'a@b.de', to: 'c@d.de' } }, /bind EMAIL/],
  ['nobody', { kind: 'email', config: { provider: 'resend', from: 'a@b.de', to: ' ' } }, /to: is missing/],
  ['a short key', { kind: 'pagerduty', secrets: { routingKey: 'abc' } }, /32 letters/],
  ['a kind that is none', { kind: 'fax' }, /kind/],
])('a channel with %s is refused with words that name the field', async (_, body, words) => {
  const { write } = await startHeliox()
  const answer = await write('POST', '/api/v1/channels', { name: 'one', ...body })
  expect([answer.status, answer.body.error.details.join()]).toEqual([400, expect.stringMatching(words)])
})

test('addresses inside the network are refused, when a channel is written and when it is told', async () => {
  const strict = { ENV: 'production', ALLOW_PRIVATE_CHANNELS: 'false', SECRET_KEY: 'q8Zk2mX0v7Lr4Tn9Wb1Yc6Hd3Jf5Gs8Pa' }
  const { write } = await startHeliox({ settings: strict })
  for (const url of ['https://127.0.0.1/x', 'https://[::1]/x', 'https://intern/x', 'http://169.254.169.254/x'])
    expect(
      (await write('POST', '/api/v1/channels', { name: url, kind: 'slack', secrets: { url } })).body.error,
    ).toEqual(expect.objectContaining({ code: 'channels.address_refused' }))
  const plain = { name: 'plain', kind: 'slack', secrets: { url: 'http://example.com/x' } }
  expect((await write('POST', '/api/v1/channels', plain)).body.error.message).toMatch(/must be told over https/)

  const open = await startWithDeliveries()
  const { url, received } = await startReceiver()
  await open.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  await open.tell(['chan_1'], 'one')
  Object.assign(open.clock.settings, { allowPrivateChannels: false })
  await open.deliver()
  expect(received).toEqual([])
  expect(await open.list()).toMatchObject([
    { status: 'dead', last_error: expect.stringMatching(/^The address is inside a private network/) },
  ])
})

test('kept keys stay with the service that they were given to', async () => {
  const { channel, write } = await startWithDeliveries()
  const config = { provider: 'resend', from: 'a@example.com', to: 'b@example.com' }
  await channel({ name: 'mail', kind: 'email', config, secrets: { api_key: 'key-123456' } })
  const put = (body: object) => write('PUT', '/api/v1/channels/chan_1', body)
  expect((await put({ config: { ...config, to: 'c@example.com' } })).body.place).toBe('c@example.com, by Resend')
  const elsewhere = { config: { ...config, endpoint: 'http://127.0.0.1:9' } }
  expect((await put(elsewhere)).body.error.code).toBe('channels.secrets_again')
  expect((await put({ ...elsewhere, secrets: { api_key: 'key-654321' } })).status).toBe(200)
})

test('e-mail by the binding of the deployment', async () => {
  const mails: object[] = []
  const EMAIL = { send: async (mail: object) => void mails.push(mail) }
  const heliox = await startWithDeliveries({ EMAIL } as never)
  const config = { provider: 'binding', from: 'Heliox <h@example.com>', to: 'a@example.com' }
  await heliox.channel({ name: 'mail', kind: 'email', config })
  await heliox.tell(['chan_1'], 'one')
  expect((await heliox.deliver()).sent).toBe(1)
  expect(mails).toMatchObject([
    {
      ...{ from: { name: 'Heliox', email: 'h@example.com' }, to: ['a@example.com'] },
      ...{ subject: 'Alert (warning): Spend of vision is over $500', headers: { 'X-Heliox-Delivery': 'dlv_1' } },
    },
  ])
})

test('who sees only their teams sees their channels and messages, and nobody else’s', async () => {
  const heliox = await startWithDeliveries()
  for (const name of ['vision', 'speech']) await heliox.write('POST', '/api/v1/teams', { name })
  const secrets = { url: 'http://127.0.0.1:1/x' }
  await heliox.channel({ name: 'company', kind: 'slack', secrets })
  await heliox.channel({ name: 'vision', kind: 'slack', secrets, team_id: 'team_1' })
  await heliox.channel({ name: 'speech', kind: 'slack', secrets, team_id: 'team_2' })
  await heliox.tell(['chan_1', 'chan_2', 'chan_3'], 'one')
  const developer = await heliox.as('developer', ['team_1' as TeamId])
  expect(await developer.json('/api/v1/channels')).toMatchObject({
    total: 1,
    is_partial: true,
    channels: [{ id: 'chan_2' }],
  })
  expect(await developer.json('/api/v1/deliveries')).toMatchObject({ total: 1, deliveries: [{ channel_id: 'chan_2' }] })
  expect((await developer.fetch('/api/v1/channels/chan_1')).status).toBe(404)
  expect((await developer.write('POST', '/api/v1/channels/chan_2/test')).status).toBe(403)
})
