import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { backendModels, backends } from '../../db/schema/backends.ts'
import { budgets } from '../../db/schema/budgets.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import { requests } from '../../db/schema/requests.ts'
import { BUDGET_MODES, BUDGET_PERIODS, BUDGET_SCOPES } from '../../db/units/budget-scopes.ts'
import type { BackendId, KeyId, TeamId } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import type { Admission, CallRecord } from '../gateway/meter/messages.ts'
import { nodeStore, testBook } from '../gateway/meter/testing.ts'
import { NO_COUNTS } from '../gateway/tokens/counts.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'

const TEXT = 'a'.repeat(40)
const PATHS = {
  'chat/completions': { messages: [{ role: 'user', content: TEXT }] },
  completions: { prompt: TEXT },
  embeddings: { input: TEXT },
  responses: { input: TEXT },
} as const
type Path = keyof typeof PATHS

async function addBackend(heliox: TestHeliox, kind: 'echo' | 'openai-compatible', baseUrl: string, models: string[]) {
  const row = { name: kind, kind, baseUrl, createdAtMs: heliox.now(), retries: 0 }
  const [made] = await heliox.db.insert(backends).values(row).returning({ id: backends.id })
  for (const model of models) {
    const own = { backendId: (made as { id: BackendId }).id, model, upstreamModel: model }
    await heliox.db.insert(backendModels).values(own)
    const price = { model, effectiveFrom: '2026-01-01' as Day, input: '1.50', output: '2.00' }
    await heliox.db.insert(modelPrices).values({ ...price, createdAtMs: heliox.now() })
  }
}

const COMBINATIONS = BUDGET_SCOPES.flatMap((scope) =>
  BUDGET_PERIODS.flatMap((period) =>
    (['usd', 'tokens'] as const).flatMap((unit) => BUDGET_MODES.map((mode) => ({ scope, period, unit, mode }))),
  ),
)

test('every budget holds on every path, whole and streamed: the call that fits is made, the next one is refused or warned of', async () => {
  const heliox = await startHeliox({ settings: { ACCESS_TOKEN_EXPIRE_MINUTES: '1000' } })
  await heliox.write('POST', '/api/v1/teams', { name: 'vision' })
  const key = { name: 'app', scopes: ['inference'], team_id: 'team_1', rpm: 100_000 }
  const { body } = await heliox.write('POST', '/api/v1/keys', key)
  const person = await heliox.as('developer', ['team_1' as TeamId])
  await addBackend(heliox, 'echo', '', Object.keys(PATHS))
  const ids = { company: undefined, team: 'team_1', user: person.userId, key: 'key_1', model: '' }
  const call = async (path: Path, isPerson: boolean, stream: boolean) => {
    const init = {
      method: 'POST',
      body: JSON.stringify({ model: path, ...PATHS[path], ...(stream ? { stream } : {}) }),
    }
    const authorization = { authorization: `Bearer ${body.key as string}` }
    const asked = isPerson
      ? person.fetch(`/v1/${path}`, init)
      : heliox.stranger(`/v1/${path}`, { ...init, headers: authorization })
    const response = await asked
    await response.text()
    return response
  }
  let minute = 0
  for (const path of Object.keys(PATHS) as Path[]) {
    await call(path, false, false)
    await heliox.book.flush()
    const [first] = (await heliox.db.select().from(requests)).filter(({ modelAsked }) => modelAsked === path)
    const [cost, tokens] = [first?.costNanoUsd ?? 0n, (first?.inputTokens ?? 0) + (first?.outputTokens ?? 0)]
    for (const { scope, period, unit, mode } of COMBINATIONS)
      for (const stream of path === 'embeddings' ? [false] : [false, true]) {
        minute += 1
        const hour = String(12 + Math.floor(minute / 60)).padStart(2, '0')
        heliox.moveTo(`2026-03-01T${hour}:${String(minute % 60).padStart(2, '0')}:00Z`)
        const made = await heliox.write('POST', '/api/v1/budgets', {
          ...{ scope, period, mode, scope_id: scope === 'model' ? path : ids[scope] },
          ...(unit === 'usd' ? { limit_usd: '1000' } : { limit_tokens: 1e12 }),
        })
        const spent = BigInt(Math.round(Number(made.body.spent_usd) * 1e9))
        const exact =
          unit === 'usd' ? { limitNanoUsd: nanoUsd(spent + cost) } : { limitTokens: made.body.spent_tokens + tokens }
        await heliox.db.update(budgets).set(exact)
        heliox.moveTo(`2026-03-01T${hour}:${String(minute % 60).padStart(2, '0')}:02Z`) // settings are read again
        const answers = [await call(path, scope === 'user', stream), await call(path, scope === 'user', stream)]
        const how = { scope, period, unit, mode, path, stream }
        const seen = answers.map(({ status, headers }) => [status, headers.has('x-heliox-budget-warning')])
        const second = mode === 'hard' ? [429, false] : [200, true]
        expect({ ...how, seen }).toEqual({ ...how, seen: [[200, false], second] })
        await heliox.db.delete(budgets)
      }
  }
}, 240_000)

/** A provider whose every answer uses 1,000 tokens in and 500 out, whatever was asked for: 0.0025 USD. */
async function greedy() {
  let answered = 0
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (piece: Buffer) => {
      text += piece.toString()
    })
    request.on('end', () => {
      answered += 1
      const usage = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 }
      const isStream = text.includes('"stream":true')
      const chunk = (more: object) => `data: ${JSON.stringify({ id: 'c', model: 'small', ...more })}\n\n`
      const said = { index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }
      response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' })
      response.end(
        isStream
          ? `${chunk({ choices: [said] })}${chunk({ choices: [], usage })}data: [DONE]\n\n`
          : JSON.stringify({ model: 'small', choices: [], usage }),
      )
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answered: () => answered }
}

test.each([
  ['says no limit', {}],
  ['allows as much as is used', { max_tokens: 500 }],
  ['allows far less than is used', { max_tokens: 5 }],
  ['allows far more than is used', { max_tokens: 4096 }],
  ['streams', { stream: true }],
  ['streams and allows less', { stream: true, max_tokens: 5 }],
])(
  'of 200 calls at once of a model that uses more than anybody would guess, whose client %s, nine or ten pass a budget for ten',
  async (_how, more) => {
    const heliox = await startHeliox()
    const key = { name: 'app', scopes: ['inference'], rpm: 100_000 }
    const { body } = await heliox.write('POST', '/api/v1/keys', key)
    const stub = await greedy()
    await addBackend(heliox, 'openai-compatible', stub.url, ['small'])
    await heliox.write('POST', '/api/v1/budgets', {
      scope: 'company',
      period: 'month',
      limit_usd: '0.025',
      mode: 'hard',
    })
    const one = async () => {
      const response = await heliox.stranger('/v1/chat/completions', {
        ...{ method: 'POST', headers: { authorization: `Bearer ${body.key as string}` } },
        body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hi' }], ...more }),
      })
      await response.text()
      return response.status
    }
    const statuses = await Promise.all(Array.from({ length: 200 }, one))
    await heliox.book.flush()
    const rows = await heliox.db.select().from(requests)
    const spent = rows.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n)
    expect(spent).toBeLessThanOrEqual(25_000_000n)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(9)
    expect(rows).toHaveLength(stub.answered())
    expect(heliox.book.standing().budgets).toMatchObject([{ spentNanoUsd: String(spent), heldNanoUsd: '0' }])
  },
  60_000,
)

/** A call of the key as the meter is asked to let it through: 10 tokens in, 10 out, 40 nano-dollars. */
function admission(id: string, startedAtMs: number): Admission {
  const draft = {
    ...{ id, startedAtMs, endedAtMs: null, endpoint: 'chat.completions', keyId: 'key_1' as KeyId, teamId: null },
    ...{ userId: null, endUser: '', modelAsked: 'm', model: 'm', backendId: null, backend: '', provider: '' },
    ...{
      isStream: false,
      status: 'cancelled',
      httpStatus: null,
      errorCode: 'unsettled',
      errorMessage: '',
      ...NO_COUNTS,
    },
    ...{ inputTokens: 10, costNanoUsd: '10', costGrade: 'estimated', computedCostNanoUsd: null, priceId: null },
    ...{ serviceTier: '', latencyMs: null, timeToFirstTokenMs: null, retryCount: 0, cache: 'off', savedNanoUsd: '0' },
    ...{ parametersJson: '{}', bodyJson: null },
  } as const satisfies CallRecord
  return {
    ...{ version: 0, draft, expiresAtMs: startedAtMs + 900_000, rpm: null, tpm: null, strategy: 'weight' },
    most: { inputTokens: 10, outputTokens: 10, isAsked: true, inputNanoUsd: 10, outputNanoUsdPerMillion: 3e6 },
    ...{ candidates: [{ id: 'echo', priority: 0, weight: 1, maxConcurrency: null }], affinity: null },
  }
}

const endOf = (asked: Admission): CallRecord => ({
  ...asked.draft,
  ...{ status: 'completed', errorCode: '', outputTokens: 10, costNanoUsd: '40', endedAtMs: asked.draft.startedAtMs },
})

test('a meter that is killed with calls ended and calls open stands afterwards as the ledger does', async () => {
  const heliox = await startHeliox()
  const own = { scope: 'company', period: 'month', mode: 'hard', limitNanoUsd: nanoUsd(130n) } as const
  await heliox.db.insert(budgets).values({ ...own, createdAtMs: heliox.now() })
  const store = nodeStore()
  const version = 2
  const life = () => testBook(heliox.db, heliox.now, store)
  const ask = (id: string) => ({ ...admission(id, heliox.now()), version })
  const first = life()
  expect((await first.admit(ask('req_a'))).is).toBe('admitted')
  first.settle({ record: endOf(ask('req_a')), attempts: [] })
  expect((await first.admit(ask('req_b'))).is).toBe('admitted')
  // killed here: req_a has ended and is not in the database, req_b is open
  const second = life()
  const third = await second.admit(ask('req_c'))
  expect(third.is).toBe('admitted')
  expect(second.standing().budgets).toMatchObject([{ spentNanoUsd: '40', heldNanoUsd: '80' }]) // 40 of req_b, as before the kill, and of req_c
  second.settle({ record: endOf(ask('req_c')), attempts: [] })
  for (let times = 0; times < 5; times += 1) second.settle({ record: endOf(ask('req_c')), attempts: [] })
  expect(second.standing().budgets).toMatchObject([{ spentNanoUsd: '80', heldNanoUsd: '40' }])
  heliox.moveTo('2026-03-01T12:16:00Z') // nobody ends req_b
  await second.flush()
  const rows = await heliox.db.select().from(requests)
  const ledger = rows.reduce((sum, { costNanoUsd }) => (sum + (costNanoUsd ?? 0n)) as NanoUsd, 0n as NanoUsd)
  expect(ledger).toBe(90n)
  expect(second.standing().budgets).toMatchObject([{ spentNanoUsd: '90', heldNanoUsd: '0' }])
  const fourth = life()
  await fourth.admit(ask('req_d'))
  expect(fourth.standing().budgets).toMatchObject([{ spentNanoUsd: '90' }])
})

test('a call counts in the month in which it began, and the next month begins with nothing spent', async () => {
  const heliox = await startHeliox({ now: '2026-03-31T23:59:59Z' })
  const own = { scope: 'company', period: 'month', mode: 'hard', limitNanoUsd: nanoUsd(80n) } as const
  await heliox.db.insert(budgets).values({ ...own, createdAtMs: heliox.now() })
  const book = testBook(heliox.db, heliox.now)
  const late = [1, 2, 3].map((at) => ({ ...admission(`req_${at}`, heliox.now()), version: 2 }))
  const [one, two, three] = late as [Admission, Admission, Admission]
  await book.admit(one)
  book.settle({ record: endOf(one), attempts: [] })
  await book.admit(two)
  heliox.moveTo('2026-04-01T00:00:01Z')
  book.settle({ record: endOf(two), attempts: [] })
  expect(await book.admit(three)).toMatchObject({ is: 'over budget', resetAtMs: Date.UTC(2026, 3, 1) })
  expect(book.standing().budgets).toMatchObject([{ periodStart: '2026-04-01', spentNanoUsd: '0', heldNanoUsd: '0' }])
  expect((await book.admit({ ...admission('req_4', heliox.now()), version: 2 })).is).toBe('admitted')
  await book.flush()
  const again = testBook(heliox.db, heliox.now)
  expect(await again.admit(three)).toMatchObject({ is: 'over budget' })
})

test('tokens of a minute are held before the call, so that calls at the same time do not pass the limit', async () => {
  const heliox = await startHeliox()
  const book = testBook(heliox.db, heliox.now)
  const asked = Array.from({ length: 10 }, (_, at) => ({
    ...admission(`req_${at}`, heliox.now()),
    version: 1,
    tpm: 60,
  }))
  const answers = await Promise.all(asked.map((one) => book.admit(one)))
  expect(answers.map(({ is }) => is)).toEqual([...Array(3).fill('admitted'), ...Array(7).fill('limited')])
})

test('a meter that was put to sleep with a call under way holds for it what it held before', async () => {
  const heliox = await startHeliox()
  const own = { period: 'month', mode: 'hard', createdAtMs: heliox.now() } as const
  await heliox.db.insert(budgets).values({ ...own, scope: 'company', limitNanoUsd: nanoUsd(70n) })
  await heliox.db.insert(budgets).values({ ...own, scope: 'key', scopeId: 'key_1', limitTokens: 1_000_000 })
  const store = nodeStore()
  const asked = { ...admission('req_a', heliox.now()), version: 3 }
  const first = testBook(heliox.db, heliox.now, store)
  expect((await first.admit(asked)).is).toBe('admitted')
  const before = first.standing().budgets
  expect(before.map(({ heldNanoUsd }) => heldNanoUsd)).toEqual(['70', '70']) // alone, it has all that is left
  const second = testBook(heliox.db, heliox.now, store)
  const other = second.admit({ ...admission('req_b', heliox.now()), version: 3 })
  await vi.waitFor(() => expect(second.standing().budgets).toEqual(before))
  second.settle({ record: endOf(asked), attempts: [] })
  expect(await other).toMatchObject({ is: 'over budget' })
  await second.flush()
  expect((await heliox.db.select().from(requests)).map(({ costNanoUsd }) => costNanoUsd)).toEqual([40n])
})
