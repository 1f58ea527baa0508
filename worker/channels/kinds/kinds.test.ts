import { expect, test } from 'vitest'
import type { EpochMs } from '../../../db/units/time.ts'
import { messageOf } from '../../deliveries/testing.ts'
import { KIND_IDS, KINDS, kindOf } from './index.ts'
import type { Outgoing } from './kind.ts'

const AT = Date.parse('2026-03-01T12:00:00Z') as EpochMs
const SENDING = { id: 'dlv_7', createdAtMs: AT, nowMs: AT, link: 'https://heliox.example.com/alerts' }
const URL = 'https://hooks.example.com/services/T000/B000/abcdefghijklmnopx3Kq'
const LONG = 'x'.repeat(9000)

/** What a kind sends, its body read. */
async function sent(id: string, message: object = {}, secrets: object = { url: URL }, config: object = {}) {
  const kind = kindOf(id)
  const own = { config: kind.config.parse(config) as never, secrets: secrets as never }
  const out = (await kind.request(own, messageOf(AT, message), SENDING)) as Outgoing & { by: 'http' }
  return { ...out, json: out.by === 'http' && out.body.startsWith('{') ? JSON.parse(out.body) : null }
}

const huge = {
  ...{ title: LONG, text: LONG },
  facts: Array.from({ length: 80 }, (_, n) => ({ name: `${n} ${LONG}`, value: LONG })),
}

test('each id is one kind, and each place hides what lets anybody post', () => {
  expect(KINDS.map(({ id }) => id)).toEqual([...KIND_IDS])
  for (const id of ['slack', 'webhook', 'teams', 'discord'])
    expect(kindOf(id).place({} as never, { url: URL } as never)).toBe('https://hooks.example.com/…x3Kq')
  expect(kindOf('webhook').place({} as never, { url: 'https://a.example/short' } as never)).toBe('https://a.example/…')
  const key = 'R0123456789012345678901234567abc'
  expect(kindOf('pagerduty').place({ region: 'eu' } as never, { routingKey: key } as never)).toBe(
    'PagerDuty (EU), key …7abc',
  )
})

test('Slack: a header, sections and a text for those that show no blocks, and nobody is called by a name', async () => {
  const { json } = await sent('slack', { text: 'Team <!channel> & co' })
  expect(json.text).toContain('Alert (warning): Spend of vision is over $500')
  expect(json.blocks).toEqual([
    {
      type: 'header',
      text: { type: 'plain_text', text: 'Alert (warning): Spend of vision is over $500', emoji: false },
    },
    { type: 'section', text: { type: 'mrkdwn', text: 'Team &lt;!channel&gt; &amp; co' } },
    { type: 'section', fields: [{ type: 'mrkdwn', text: '*Spent*\n$512.00' }] },
    { type: 'section', text: { type: 'mrkdwn', text: '<https://heliox.example.com/alerts|Open in Heliox>' } },
  ])
  const { json: big } = await sent('slack', huge)
  expect(big.blocks.length).toBeLessThanOrEqual(50)
  expect(big.text.length).toBeLessThanOrEqual(3000)
  for (const block of big.blocks) {
    expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3000)
    expect(block.fields?.length ?? 0).toBeLessThanOrEqual(10)
    for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2000)
  }
})

test('Microsoft Teams: one Adaptive Card of at most 28 KB', async () => {
  const { json } = await sent('teams', { title: '[free](https://evil.example)' })
  expect(json).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', wrap: true, text: 'Alert (warning): [free] (https://evil.example)' },
            { type: 'TextBlock', text: 'Since the 1st.' },
            { type: 'FactSet', facts: [{ title: 'Spent', value: '$512.00' }] },
          ],
          actions: [{ type: 'Action.OpenUrl', url: 'https://heliox.example.com/alerts' }],
        },
      },
    ],
  })
  const { body } = await sent('teams', huge)
  expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(28_000)
})

test('Discord: one embed within its limits, and no mention', async () => {
  const { json } = await sent('discord')
  expect(json).toEqual({
    embeds: [
      {
        title: 'Alert (warning): Spend of vision is over $500',
        description: 'Since the 1st.',
        url: 'https://heliox.example.com/alerts',
        color: 0xb26a00,
        fields: [{ name: 'Spent', value: '$512.00', inline: true }],
        timestamp: '2026-03-01T12:00:00.000Z',
      },
    ],
    allowed_mentions: { parse: [] },
  })
  const { json: big } = await sent('discord', huge)
  const [embed] = big.embeds
  const texts: string[] = [embed.title, embed.description, ...embed.fields.flatMap((f: object) => Object.values(f))]
  const size = texts.filter((text) => typeof text === 'string').reduce((sum, text) => sum + text.length, 0)
  expect([embed.title.length <= 256, embed.description.length <= 4096, size <= 6000]).toEqual([true, true, true])
  expect(embed.fields.length).toBeGreaterThan(0)
})

test('PagerDuty: an alert triggers, is acknowledged and resolves under one key', async () => {
  const routingKey = 'R0123456789012345678901234567abc'
  const told = async (kind: string) => (await sent('pagerduty', { kind }, { routingKey }, { region: 'eu' })).json
  expect(await told('fired')).toMatchObject({
    ...{ routing_key: routingKey, event_action: 'trigger', dedup_key: 'alert_7', client: 'Heliox' },
    payload: {
      ...{ summary: 'Spend of vision is over $500', source: 'Heliox', severity: 'warning' },
      ...{ timestamp: '2026-03-01T12:00:00.000Z', custom_details: { Spent: '$512.00', text: 'Since the 1st.' } },
    },
    links: [{ href: 'https://heliox.example.com/alerts' }],
  })
  const actions = await Promise.all(['again', 'acknowledged', 'resolved'].map(told))
  expect(actions.map((one) => [one.event_action, one.dedup_key])).toEqual([
    ['trigger', 'alert_7'],
    ['acknowledge', 'alert_7'],
    ['resolve', 'alert_7'],
  ])
  const { url, json } = await sent('pagerduty', huge, { routingKey }, { region: 'eu' })
  expect([url, json.payload.summary.length]).toEqual(['https://events.eu.pagerduty.com/v2/enqueue', 1024])
  expect(kindOf('pagerduty').accepts?.({ status: 200, retryAfter: null, body: '' })).toBe(false)
})

const MAIL = { from: 'Heliox <heliox@example.com>', to: 'a@example.com\nb@example.com' }

test('e-mail: each provider’s own form, with text, a table and the delivery’s id', async () => {
  const by = (provider: string, more = {}) =>
    sent('email', { title: '<b>bold</b>' }, { apiKey: 'key-123456' }, { provider, ...MAIL, ...more })
  const resend = await by('resend')
  expect([resend.url, resend.headers]).toEqual([
    'https://api.resend.com/emails',
    {
      ...{ 'content-type': 'application/json', accept: 'application/json', authorization: 'Bearer key-123456' },
      'idempotency-key': `heliox-dlv_7-${AT}`,
    },
  ])
  expect(resend.json).toMatchObject({
    ...{ from: MAIL.from, to: ['a@example.com', 'b@example.com'], subject: 'Alert (warning): <b>bold</b>' },
    headers: { 'X-Heliox-Delivery': 'dlv_7' },
  })
  expect(resend.json.text).toContain('Spent: $512.00')
  expect(resend.json.html).toMatch(/<h1[^>]*>Alert \(warning\): &lt;b&gt;bold/)
  expect(resend.json.html).toMatch(/<table[\s\S]*<td[^>]*>Spent<\/td>\s*<td[^>]*>\$512\.00<\/td>/)

  const postmark = await by('postmark')
  expect(postmark.headers['x-postmark-server-token']).toBe('key-123456')
  expect(postmark.json).toMatchObject({
    ...{ From: MAIL.from, To: 'a@example.com,b@example.com', MessageStream: 'outbound' },
    Headers: [{ Name: 'X-Heliox-Delivery', Value: 'dlv_7' }],
  })
  const mailgun = await by('mailgun', { domain: 'mg.example.com', endpoint: 'https://api.eu.mailgun.net/' })
  expect(mailgun.url).toBe('https://api.eu.mailgun.net/v3/mg.example.com/messages')
  expect(mailgun.headers.authorization).toBe(`Basic ${btoa('api:key-123456')}`)
  const form = new URLSearchParams(mailgun.body)
  expect([form.get('to'), form.get('h:X-Heliox-Delivery')]).toEqual(['a@example.com,b@example.com', 'dlv_7'])

  expect(await sent('email', {}, {}, { provider: 'binding', ...MAIL })).toMatchObject({
    ...{ by: 'binding', mail: { from: MAIL.from, to: ['a@example.com', 'b@example.com'] } },
  })
  const said = (body: string) => kindOf('email').accepts?.({ status: 200, retryAfter: null, body })
  expect([said('{"ErrorCode":0}'), said('{"ErrorCode": 406}'), said('{"id":"1"}')]).toEqual([true, false, true])
})
