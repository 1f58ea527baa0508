import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { onTestFinished } from 'vitest'
import { settingsOf } from '../env.ts'
import { machine } from '../scope.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { runDueSources } from './run-due.ts'
import type { SourceScope } from './source.ts'

export const SECRET_KEY = 'a-secret-key-of-this-test-0123456789'

/** Heliox, and the clock of its sources. */
export async function startWithClock(options: Parameters<typeof startHeliox>[0] = {}) {
  const heliox = await startHeliox(options)
  const settings = settingsOf({
    ...{
      ENV: 'development',
      DATABASE_URL: 'http://127.0.0.1:1',
      SECRET_KEY,
      ADMIN_API_KEY: 'an-admin-key-of-this-test',
    },
    ...options.settings,
  })
  const scope: SourceScope = { ...heliox.scope, actor: machine('clock'), settings }
  return { ...heliox, clock: scope, round: (budgetMs?: number) => runDueSources(scope, budgetMs) }
}

/** Sets up a source by the admin key, and answers its id. */
export async function sourceIn({ write }: Pick<TestHeliox, 'write'>, body: object): Promise<string> {
  const answer = await write('POST', '/api/v1/sources', body)
  if (answer.status !== 201) throw new Error(`no source: ${JSON.stringify(answer.body)}`)
  return answer.body.id
}

/** The keys that the S3 server of the tests knows. */
export const S3_KEYS = { access_key_id: 'S3RVER', secret_access_key: 'S3RVER' }

const require = createRequire(import.meta.url)

/**
 * The server writes the places of its pages with DES, which OpenSSL 3 has only as triple DES: with the same key three
 * times the two are one.
 */
const crypto = require('node:crypto') as Record<string, (name: string, key: Buffer, iv: Buffer) => object>
for (const make of ['createCipheriv', 'createDecipheriv']) {
  const original = crypto[make]
  if (!original) throw new Error(`node:crypto has no ${make}`)
  crypto[make] = (name, key, iv) =>
    name === 'des' ? original('des-ede3-cbc', Buffer.concat([key, key, key]), iv) : original(name, key, iv)
}

/** The package brings no types. */
const S3rver = require('@20minutes/s3rver') as new (
  options: object,
) => {
  run(): Promise<AddressInfo>
  close(): Promise<void>
}

/** A real S3 server that checks signatures, with one empty bucket. */
export async function startS3(bucket = 'bills') {
  const directory = mkdtempSync(join(tmpdir(), 'heliox-s3-'))
  const server = new S3rver({
    ...{ port: 0, address: '127.0.0.1', silent: true, directory, vhostBuckets: false },
    configureBuckets: [{ name: bucket, configs: [] }],
  })
  const { port } = await server.run()
  onTestFinished(async () => {
    await server.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const endpoint = `http://127.0.0.1:${port}`
  const client = new AwsClient({ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', service: 's3', region: 'us-east-1' })
  const urlOf = (key: string) => `${endpoint}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`
  const sent = async (method: string, key: string, body?: string | Uint8Array<ArrayBuffer>) => {
    const response = await client.fetch(urlOf(key), { method, ...(body === undefined ? {} : { body }) })
    if (!response.ok) throw new Error(`${method} ${key}: ${response.status} ${await response.text()}`)
  }
  return {
    ...{ endpoint, bucket },
    put: (key: string, body: string | Uint8Array<ArrayBuffer>) => sent('PUT', key, body),
    remove: (key: string) => sent('DELETE', key),
    /** A source on this bucket. */
    source: (config: object = {}, more: object = {}) => ({
      ...{ name: 'bucket', kind: 's3', config: { bucket, endpoint, ...config }, secrets: S3_KEYS },
      ...more,
    }),
  }
}

/** A web server of the test's own. */
export async function startServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => void server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const COSTS = 'date,provider,gpu_type,cost_usd\n'

const FOCUS = [
  'BilledCost',
  'BillingAccountId',
  'BillingCurrency',
  'BillingPeriodStart',
  'BillingPeriodEnd',
  'ChargeCategory',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'EffectiveCost',
  'ProviderName',
  'ServiceCategory',
  'ServiceName',
  'SkuId',
]

/** A FOCUS bill of January 2026: one row per amount, each on its own day from the 1st on, or from `firstDay`. */
export function focusBill(amounts: readonly string[], firstDay = 1): string {
  const day = (n: number) => `2026-01-${String(firstDay + n).padStart(2, '0')}T00:00:00Z`
  const row = (amount: string, n: number) =>
    [
      amount,
      '100200300',
      'USD',
      '2026-01-01T00:00:00Z',
      '2026-02-01T00:00:00Z',
      'Usage',
      day(n),
      day(n + 1),
      amount,
      'AWS',
      'Compute',
      'Amazon Elastic Compute Cloud',
      `SKU${n + firstDay}`,
    ].join(',')
  return [FOCUS.join(','), ...amounts.map(row)].map((line) => `${line}\n`).join('')
}
