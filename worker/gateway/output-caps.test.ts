import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { budgets } from '../../db/schema/budgets.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { type Asked, sse, startGateway, startUpstream } from './testing-upstream.ts'

type Said = Record<string, unknown> & { max_tokens?: number; max_completion_tokens?: number; n?: number }

/** What an honest server makes of a call: each of its answers is as long as wanted, and no longer than it is told. */
function honest(length: () => number, reads: readonly (keyof Said)[] = ['max_tokens', 'max_completion_tokens']) {
  return (asked: Asked) => {
    const said = JSON.parse(asked.body) as Said
    const most = Math.min(...reads.map((name) => (said[name] as number | undefined) ?? Number.POSITIVE_INFINITY))
    const cut = Math.min(length(), most, (said.max_output_tokens as number | undefined) ?? Number.POSITIVE_INFINITY)
    const output = cut * Math.max(said.n ?? 1, (said.best_of as number | undefined) ?? 1)
    const usage = { prompt_tokens: 15, completion_tokens: output, total_tokens: 15 + output }
    if (said.stream !== true) {
      const body = JSON.stringify({ model: 'small-2026', choices: [], usage })
      return asked.response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    }
    return sse(asked).end(`data: ${JSON.stringify({ model: 'small-2026', choices: [], usage })}\n\ndata: [DONE]\n\n`)
  }
}

/** A hard budget of the company over a model at 1,000 nano-dollars a token in and 2,000 out. */
async function under(limitNanoUsd: bigint, answer: (asked: Asked) => unknown, mode: 'hard' | 'soft' = 'hard') {
  const gateway = await startGateway()
  const stub = await startUpstream(answer)
  onTestFinished(() => stub.close())
  await gateway.addBackend(stub.url)
  const own = { scope: 'company', period: 'month', mode, limitNanoUsd: nanoUsd(limitNanoUsd) } as const
  await gateway.heliox.db.insert(budgets).values({ ...own, createdAtMs: gateway.heliox.now() })
  const told = () => stub.asked.map(({ body }) => JSON.parse(body) as Said)
  const spent = async () => (await gateway.metered()).reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n)
  return { ...gateway, told, spent }
}

const DOLLAR = 1_000_000_000n

test.each([
  ['that say no limit', {}],
  ['that stream and say no limit', { stream: true }],
  ['of fifty answers', { n: 50 }],
  ['of fifty answers of a hundred tokens', { n: 50, max_tokens: 100 }],
  ['of fifty answers by the newer limit', { n: 50, max_completion_tokens: 3_000 }],
])(
  'forty calls at once %s pass no hard budget, whatever an honest server answers',
  async (_what, more) => {
    const { call, spent } = await under(
      DOLLAR / 2n,
      honest(() => 30_000),
    )
    const answers = await Promise.all(Array.from({ length: 40 }, async () => (await call(more)).status))
    expect(answers).toContain(200)
    expect(answers.filter((status) => status !== 200 && status !== 429)).toEqual([])
    expect(await spent()).toBeLessThanOrEqual(DOLLAR / 2n)
  },
  60_000,
)

test('of the older and the newer way, each answer that is paid for counts', async () => {
  for (const [path, more] of [
    ['/v1/completions', { prompt: 'hello', n: 2, best_of: 40 }],
    ['/v1/responses', { input: 'hello' }],
  ] as const) {
    const { call, spent } = await under(
      DOLLAR / 2n,
      honest(() => 30_000),
    )
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await call(more, {}, path)).status))
    expect(statuses).toContain(200)
    expect(await spent()).toBeLessThanOrEqual(DOLLAR / 2n)
  }
}, 60_000)

test('a call that says no limit is told what is held for it: 4,096 tokens, then twice the longest answer', async () => {
  const { call, told } = await under(
    DOLLAR,
    honest(() => 10_000),
  )
  const caps: unknown[] = []
  for (let at = 0; at < 4; at += 1) caps.push((await call({})).headers.get('x-heliox-output-cap'))
  expect(caps).toEqual(['4096', '8192', '16384', '20000'])
  expect(told().map(({ max_tokens: most }) => String(most))).toEqual(caps)
})

test('what the client says itself passes as it is, and so does every call without a hard budget', async () => {
  const { call, told } = await under(
    DOLLAR,
    honest(() => 10),
  )
  const first = await call({ max_tokens: 300 })
  expect([first.headers.has('x-heliox-output-cap'), told()[0]?.max_tokens]).toEqual([false, 300])
  await call({ max_completion_tokens: 300 }) // which this server may not read
  expect(told()[1]).toMatchObject({ max_tokens: 300, max_completion_tokens: 300 })
  const soft = await under(
    1n,
    honest(() => 10),
    'soft',
  )
  const answer = await soft.call({})
  expect([answer.status, answer.headers.has('x-heliox-output-cap')]).toEqual([200, false])
  expect(Object.keys(soft.told()[0] ?? {})).toEqual(['model', 'messages'])
})

test('a server that reads the older limit alone keeps to the newer one that its client said', async () => {
  const { call, spent } = await under(
    DOLLAR / 10n,
    honest(() => 30_000, ['max_tokens']),
  )
  await Promise.all(Array.from({ length: 20 }, () => call({ max_completion_tokens: 2_000 })))
  expect(await spent()).toBeLessThanOrEqual(DOLLAR / 10n)
}, 30_000)

test('whatever is asked of honest servers, no hard budget is passed, and nine tenths of what fits are let through', async () => {
  const Size = fc.record({
    most: fc.option(fc.integer({ min: 1, max: 6_000 })),
    n: fc.option(fc.integer({ min: 1, max: 5 })),
    stream: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.bigInt({ min: 1_000_000n, max: DOLLAR / 10n }),
      fc.integer({ min: 1, max: 4_000 }),
      fc.array(Size, { minLength: 1, maxLength: 12 }),
      async (limit, length, calls) => {
        const { call, spent } = await under(
          limit,
          honest(() => length),
        )
        const ask = async ({ most, n, stream }: (typeof calls)[number]) =>
          (await call({ max_tokens: most, n, stream })).text()
        await Promise.all(calls.map(ask))
        expect(await spent()).toBeLessThanOrEqual(limit)
        // One after the other until nothing fits: what is left would not pay for the least of them.
        const one = { max_tokens: Math.max(1, Math.min(length, 500)) }
        const cost = BigInt(15_000 + one.max_tokens * 2_000)
        let left = (limit - (await spent())) / cost
        const fits = left
        for (let at = 0; at < 20 && left > 0n; at += 1) {
          if ((await call(one)).status !== 200) break
          left -= 1n
        }
        const most = fits < 20n ? fits : 20n
        expect((fits - left) * 10n).toBeGreaterThanOrEqual(most * 9n)
        expect(await spent()).toBeLessThanOrEqual(limit)
      },
    ),
    { numRuns: 12, endOnFailure: true },
  )
}, 120_000)

test('a limit that a budget set and the model does not take is lowered until it does; one that the client set is not', async () => {
  const small = (asked: Asked) => {
    const most = (JSON.parse(asked.body) as Said).max_tokens ?? 0
    if (most <= 1_000) return honest(() => 300)(asked)
    const message = `max_tokens is too large: ${most}. This model supports at most 1000 completion tokens.`
    return asked.response
      .writeHead(400, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { message, type: 'invalid_request_error', param: 'max_tokens', code: null } }))
  }
  const { call, told, metered } = await under(DOLLAR, small)
  expect((await call({})).status).toBe(200)
  expect(told().map(({ max_tokens: most }) => most)).toEqual([4_096, 2_048, 1_024, 512])
  expect((await call({ max_tokens: 2_000 })).status).toBe(400)
  const rows = (await metered()).map(({ httpStatus, retryCount, costNanoUsd }) => ({
    httpStatus,
    retryCount,
    costNanoUsd,
  }))
  expect(rows).toContainEqual({ httpStatus: 200, retryCount: 0, costNanoUsd: 615_000n })
  expect(rows).toContainEqual({ httpStatus: 400, retryCount: 0, costNanoUsd: 0n })
})
