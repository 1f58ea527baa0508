import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { probeBackends } from './probe-backends.ts'
import { startProvider } from './testing.ts'

const PATH = '/api/v1/gateway/backends'

async function withTwo() {
  const heliox = await startHeliox()
  const [primary, secondary] = [await startProvider(), await startProvider()]
  const { body: key } = await heliox.write('POST', '/api/v1/keys', { name: 'app', scopes: ['inference'] })
  const models = [{ model: 'small', upstream_model: 'small-2026' }]
  const usual = { kind: 'openai-compatible', models, retries: 0 }
  await heliox.write('POST', PATH, { ...usual, name: 'primary', base_url: primary.url })
  await heliox.write('POST', PATH, { ...usual, name: 'secondary', base_url: secondary.url, priority: 1 })
  let second = 0
  /** Which backend answers the next call. */
  const call = async () => {
    const response = await heliox.stranger('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hello' }] }),
      headers: { authorization: `Bearer ${key.key}` },
    })
    expect(response.status).toBe(200)
    return response.headers.get('x-heliox-backend')
  }
  const pass = (seconds: number) => {
    second += seconds
    heliox.moveTo(new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString())
  }
  const shown = async () => {
    const { backends } = await heliox.json<{
      backends: { name: string; models: { place: number | null; why: string }[]; health: Record<string, unknown> }[]
    }>(PATH)
    return Object.fromEntries(backends.map(({ name, models: [model], health }) => [name, { ...model, ...health }]))
  }
  const settings = { secretKey: 'a-secret-key-of-this-test-0123456789', allowPrivateBackends: true, hasEcho: true }
  const meter = { saw: async (attempt: Parameters<typeof heliox.book.saw>[0]) => heliox.book.saw(attempt) }
  const probe = () =>
    probeBackends({ ...heliox.scope, settings: { ...settings, environment: 'development' }, meter: meter as never })
  return { heliox, primary, secondary, call, pass, shown, probe }
}

test('when the first backend stops, the next call is served by the second; its breaker shows; it comes back by itself', async () => {
  const { primary, call, pass, shown } = await withTwo()
  expect(await call()).toBe('primary')
  await primary.stop()
  for (let at = 0; at < 5; at += 1) expect(await call()).toBe('secondary')
  expect(await shown()).toMatchObject({
    primary: {
      breaker: 'open',
      failures: 5,
      place: null,
      why: expect.stringContaining('breaker open until'),
      is_well: null,
    },
    secondary: { breaker: 'closed', place: 1 },
  })
  pass(9)
  expect(await call()).toBe('secondary') // without asking the first one again
  await primary.startAgain()
  pass(2)
  expect(await shown()).toMatchObject({ primary: { breaker: 'half-open', place: 1 } })
  expect([await call(), await call()]).toEqual(['primary', 'primary'])
  expect(await shown()).toMatchObject({ primary: { breaker: 'closed', failures: 0, place: 1, last_error: '' } })
})

test('the clock’s probes tell health, /health/detailed and /metrics, and bring a backend back before its time', async () => {
  const { heliox, primary, call, probe, shown } = await withTwo()
  const metric = async (name: string) =>
    [
      ...(await (await heliox.stranger('/metrics')).text()).matchAll(
        new RegExp(`^${name}(?:{backend="(\\w+)"})? (\\d+)$`, 'gm'),
      ),
    ].map(([, backend, value]) => (backend ? `${backend} ${value}` : Number(value)))
  const check = async () => {
    const { checks } = await heliox.json<{ checks: { name: string; status: string; message: string }[] }>(
      '/health/detailed',
    )
    return checks.find(({ name }) => name === 'backends')
  }
  await probe()
  expect(await shown()).toMatchObject({ primary: { is_well: true, message: '', latency_ms: null } })
  expect(await metric('heliox_backend_up')).toEqual(['bknd_1 1', 'bknd_2 1'])
  await primary.stop()
  await probe()
  for (let at = 0; at < 5; at += 1) await call()
  expect(await shown()).toMatchObject({
    primary: { is_well: false, message: expect.stringMatching(/cannot be reached/) },
  })
  expect(await check()).toMatchObject({ status: 'degraded', message: '1 of 2 backends not well' })
  expect(await metric('heliox_backend_up')).toEqual(['bknd_1 0', 'bknd_2 1'])
  expect(await metric('heliox_backend_breaker_open')).toEqual(['bknd_1 1', 'bknd_2 0'])
  await primary.startAgain()
  await probe()
  expect([await call(), await check()]).toMatchObject(['primary', { status: 'healthy' }])
})

test('calls that were received are stored, rejected or waiting', async () => {
  const { heliox, call } = await withTwo()
  const counts = async () => {
    const text = await (await heliox.stranger('/metrics')).text()
    const of = (state: string) =>
      Number(
        new RegExp(`^heliox_gateway_calls_${state}${state === 'waiting' ? '' : '_total'} (\\d+)$`, 'm').exec(text)?.[1],
      )
    return ['received', 'stored', 'rejected', 'waiting'].map(of)
  }
  await call()
  await call()
  expect(await counts()).toEqual([2, 0, 0, 2])
  await heliox.book.flush()
  await call()
  expect(await counts()).toEqual([3, 2, 0, 1])
})

test('a backend that is at its limit of calls is passed over, and shown as full', async () => {
  const { heliox, shown } = await withTwo()
  await heliox.write('PUT', `${PATH}/bknd_1`, { max_concurrency: 1 })
  const held = await startProvider()
  expect(held.asked).toEqual([])
  const draft = { id: 'req_held', keyId: null, teamId: null, userId: null, modelAsked: 'small', model: 'small' }
  const { version } = heliox.book.standing()
  await heliox.book.admit({
    ...{ version: version + 100, draft: draft as never, expiresAtMs: Number.MAX_SAFE_INTEGER, rpm: null, tpm: null },
    most: { inputTokens: 1, outputTokens: 1, isAsked: true, inputNanoUsd: 0, outputNanoUsdPerMillion: null },
    candidates: [{ id: 'bknd_1', priority: 0, weight: 1, maxConcurrency: 1 }],
    ...{ strategy: 'weight', affinity: null },
  })
  expect(await shown()).toMatchObject({
    primary: { place: null, why: 'full: 1 of 1 calls at the same time', in_flight: 1 },
    secondary: { place: 1 },
  })
})
