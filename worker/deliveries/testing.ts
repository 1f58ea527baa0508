import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { writeTransaction } from '../../db/client.ts'
import type { ChannelId } from '../../db/units/ids.ts'
import type { ChannelScope } from '../channels/channel.ts'
import { settingsOf } from '../env.ts'
import { machine } from '../scope.ts'
import { ADMIN_KEY, startHeliox } from '../testing.ts'
import { deliver } from './deliver.ts'
import { enqueue } from './enqueue.ts'
import type { Message } from './message.ts'

export type Received = { path: string; headers: IncomingHttpHeaders; body: string }
type Reply = { status: number; headers?: Record<string, string>; body?: string; hold?: Promise<unknown> }

/** A server on this machine that notes what it is sent, until the test ends; `reply` says what the n-th is answered. */
export async function startReceiver(reply: (n: number, received: Received) => Reply = () => ({ status: 200 })) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', async () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces).toString() }
      const { status, headers, body, hold } = reply(received.push(one), one)
      await hold
      response.writeHead(status, { connection: 'close', ...headers }).end(body ?? 'ok')
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())))
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** Heliox, and the clock of its deliveries. `chance` 1: the shortest waits. */
export async function startWithDeliveries(settings: Record<string, string> = {}, now = '2026-03-01T12:00:00Z') {
  const heliox = await startHeliox({ now, settings })
  const own = { ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1', ADMIN_API_KEY: ADMIN_KEY }
  const key = { SECRET_KEY: 'a-secret-key-of-this-test-0123456789' }
  const clock: ChannelScope = {
    ...{ ...heliox.scope, actor: machine('clock'), now: heliox.now },
    settings: settingsOf({ ...own, ...key, ...settings }),
  }
  return {
    ...heliox,
    clock,
    deliver: (chance = 1) => deliver(clock, () => chance),
    /** Sets up a channel by the admin key, and answers what its maker sees. */
    channel: async (body: object) => {
      const answer = await heliox.write('POST', '/api/v1/channels', body)
      if (answer.status !== 201) throw new Error(`no channel: ${JSON.stringify(answer.body)}`)
      return answer.body as { id: ChannelId; signing_key: string | null; place: string; version: string }
    },
    tell: (channelIds: ChannelId[], messageKey: string, more: Partial<Message> = {}) =>
      writeTransaction(heliox.db, (tx) =>
        enqueue(tx, { channelIds, messageKey, message: messageOf(heliox.now(), more) }),
      ),
    list: async (query = '') => (await heliox.json<{ deliveries: Listed[] }>(`/api/v1/deliveries${query}`)).deliveries,
  }
}

export type Listed = {
  id: string
  status: string
  attempts: number
  last_error: string
  next_attempt_at: string | null
  title: string
}

export function messageOf(atMs: number, more: Partial<Message> = {}): Message {
  return {
    ...{ kind: 'fired', severity: 'warning', title: 'Spend of vision is over $500', text: 'Since the 1st.' },
    ...{ facts: [{ name: 'Spent', value: '$512.00' }], href: '/alerts', incident: 'alert_7', atMs },
    ...more,
  }
}
