import fc from 'fast-check'
import { expect, test } from 'vitest'
import { modelPrices } from '../../db/schema/prices.ts'
import { exactText, readUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { exactCostOf } from '../gateway/pricing/cost.ts'
import { priceOf, priceOn } from '../gateway/pricing/price.ts'
import { NO_COUNTS } from '../gateway/tokens/counts.ts'
import { startHeliox } from '../testing.ts'
import { cataloguedPrice, PRICE_SHEETS } from './catalogue/index.ts'
import { pricesOf } from './catalogue/sheet.ts'
import { readLitellm } from './litellm.ts'

/** As it is published: numbers in every way of writing, thresholds and tiers in names. */
const MAP = `{
  "sample_spec": { "input_cost_per_token": 0.0, "litellm_provider": "one of https://…", "mode": "one of: chat, …" },
  "nano": { "input_cost_per_token": 5e-08, "cache_read_input_token_cost": 5e-9, "cache_read_input_token_cost_flex": 2.5e-9,
    "output_cost_per_token": 0.0000004, "litellm_provider": "openai", "mode": "chat", "search_context_cost_per_query": { "low": 0.01 } },
  "long": { "input_cost_per_token": 2.5e-06, "input_cost_per_token_above_272k_tokens": 5e-06, "output_cost_per_token": 1.5e-05,
    "output_cost_per_token_above_272k_tokens_priority": 4.5e-5, "output_cost_per_token_batches": 7.5e-06, "mode": "responses" },
  "writes": { "input_cost_per_token": 3e-06, "cache_creation_input_token_cost": 3.75e-06, "cache_read_input_token_cost": 3e-07,
    "cache_creation_input_token_cost_above_1hr": 6e-06, "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.2e-05,
    "output_cost_per_token": 1.5e-05 },
  "artefact": { "input_cost_per_token": 1.8000000000000002e-07, "output_cost_per_token": 8.333333333333334e-08, "mode": "chat" },
  "free": { "input_cost_per_token": 0, "output_cost_per_token": 0.0, "mode": "chat" },
  "embed": { "input_cost_per_token": 2e-08, "mode": "embedding" },
  "thinks": { "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "output_cost_per_reasoning_token": 3e-6, "mode": "chat" },
  "dall": { "input_cost_per_pixel": 1e-08, "mode": "image_generation" },
  "seconds": { "input_cost_per_second": 1e-4, "mode": "chat" },
  "wrong-unit": { "input_cost_per_token": 2.5, "output_cost_per_token": 10, "mode": "chat" },
  "below": { "input_cost_per_token": -1e-6, "output_cost_per_token": 1e-6, "mode": "chat" },
  "words": { "input_cost_per_token": "free", "output_cost_per_token": 1e-6, "mode": "chat" },
  "tiered": { "tiered_pricing": [], "mode": "chat" }
}`

async function imported(heliox: Awaited<ReturnType<typeof startHeliox>>, query = '', text = MAP) {
  const answer = await heliox.fetch(`/api/v1/prices/import?format=litellm${query}`, { method: 'POST', body: text })
  // biome-ignore lint/suspicious/noExplicitAny: held against the document by the caller
  return { status: answer.status, body: (await answer.json()) as any }
}

test('a price map is read digit by digit, its thresholds and tiers with it', async () => {
  const heliox = await startHeliox()
  const dry = await imported(heliox, '&dry_run=true&effective_from=2026-02-01')
  expect(dry.status).toBe(200)
  expect(dry.body).toMatchObject({
    ...{ is_dry_run: true, total_count: 14, new_count: 7, changed_count: 0, unchanged_count: 0 },
    ...{ refused_count: 4, skipped_count: 3, rounded_count: 1 },
    skipped: expect.arrayContaining([
      { why: 'sample_spec', count: 1 },
      { why: 'image_generation', count: 1 },
      { why: 'no price of tokens', count: 1 },
    ]),
    unread: [{ field: 'search_context_cost_per_query', count: 1 }],
  })
  expect((await heliox.db.select().from(modelPrices)).length).toBe(0)
  const reasons = dry.body.rows.filter((row: { outcome: string }) => row.outcome === 'refused')
  expect(reasons.map(({ model, reason }: { model: string; reason: string }) => [model, reason])).toEqual([
    ['wrong-unit', 'input_cost_per_token is more than $1 a token'],
    ['below', 'input_cost_per_token is below zero'],
    ['words', 'input_cost_per_token is not a price'],
    ['tiered', 'has tiered_pricing alone, which is not read'],
  ])
  await imported(heliox, '&effective_from=2026-02-01')
  const of = async (model: string) => (await heliox.trpc.prices.models.list.query({ model })).prices[0]
  expect(await of('nano')).toMatchObject({
    ...{ inputUsdPerMillion: '0.05', cachedInputUsdPerMillion: '0.005', outputUsdPerMillion: '0.40' },
    variants: [{ tier: 'flex', cachedInputUsdPerMillion: '0.0025', inputUsdPerMillion: null }],
  })
  expect((await of('long'))?.variants).toMatchObject([
    { tier: null, aboveTokens: 272_000, inputUsdPerMillion: '5.00' },
    { tier: 'batch', aboveTokens: null, outputUsdPerMillion: '7.50' },
    { tier: 'priority', aboveTokens: 272_000, outputUsdPerMillion: '45.00' },
  ])
  expect(await of('writes')).toMatchObject({
    ...{ cacheWriteUsdPerMillion: '3.75', cacheWriteLongUsdPerMillion: '6.00' },
    variants: [{ aboveTokens: 200_000, cacheWriteLongUsdPerMillion: '12.00' }],
  })
  expect(await of('artefact')).toMatchObject({ inputUsdPerMillion: '0.18', outputUsdPerMillion: '0.083333333333' })
  expect(await of('free')).toMatchObject({ inputUsdPerMillion: '0.00', outputUsdPerMillion: '0.00' })
  expect(await of('embed')).toMatchObject({ outputUsdPerMillion: '0.00' })
  expect(await of('thinks')).toMatchObject({ reasoningUsdPerMillion: '3.00' })
})

test('the same map twice changes nothing; another changes what differs, from its own day on', async () => {
  const heliox = await startHeliox()
  await imported(heliox, '&effective_from=2026-02-01')
  for (const query of ['&effective_from=2026-02-01', '&effective_from=2026-02-15'])
    expect((await imported(heliox, query)).body).toMatchObject({ new_count: 0, changed_count: 0, unchanged_count: 7 })
  const rows = await heliox.db.select().from(modelPrices)
  expect(rows.length).toBe(7)
  const dearer = MAP.replace('"input_cost_per_token": 5e-08', '"input_cost_per_token": 6e-08')
  const third = await imported(heliox, '&effective_from=2026-02-20', dearer)
  expect(third.body).toMatchObject({ new_count: 0, changed_count: 1, unchanged_count: 6 })
  expect(third.body.rows[0]).toMatchObject({
    ...{ model: 'nano', outcome: 'changed' },
    ...{ before: { input_usd_per_million: '0.05' }, after: { input_usd_per_million: '0.06' } },
  })
  const { prices } = await heliox.trpc.prices.models.list.query({ model: 'nano' })
  expect(prices.map(({ effectiveFrom, inputUsdPerMillion }) => [effectiveFrom, inputUsdPerMillion])).toEqual([
    ['2026-02-20', '0.06'],
    ['2026-02-01', '0.05'],
  ])
  const { entries } = await heliox.trpc.audit.list.query({ action: 'prices.import' })
  expect(entries.length).toBe(2)
})

test('a price that somebody entered stays, and a hundredfold jump waits for a word', async () => {
  const heliox = await startHeliox()
  const own = {
    model: 'nano',
    input_usd_per_million: '0.04',
    output_usd_per_million: '0.3',
    effective_from: '2026-01-01',
  }
  await heliox.write('POST', '/api/v1/prices/models', own)
  await imported(heliox, '&effective_from=2026-02-01')
  const kept = await heliox.trpc.prices.models.list.query({ model: 'nano' })
  expect(kept.prices.map(({ source }) => source)).toEqual(['by hand'])
  const far = MAP.replace('"input_cost_per_token": 2e-08', '"input_cost_per_token": 2e-06')
  const refused = await imported(heliox, '&effective_from=2026-02-02', far)
  expect(refused.body.rows).toContainEqual(
    expect.objectContaining({
      model: 'embed',
      outcome: 'refused',
      reason: expect.stringContaining('input: 0.02 → 2.00'),
    }),
  )
  const taken = await imported(heliox, '&effective_from=2026-02-02&confirm=true', far)
  expect(taken.body).toMatchObject({ changed_count: 1 })
})

test('text that is no map of models is refused', async () => {
  const heliox = await startHeliox()
  for (const text of ['[]', '7', '{', 'null', '"x"'])
    expect((await imported(heliox, '', text)).body.error.code).toBe('prices.not_json')
  const odd = await imported(
    heliox,
    '&dry_run=true',
    '{"a": 1, "b": [], "c": null, "": {}, "__proto__": {"mode": "chat"}}',
  )
  expect(odd.body).toMatchObject({ total_count: 5, refused_count: 4, skipped_count: 1 })
})

test('from the text of the file to the cost of a call nothing is rounded that has twelve decimals or fewer', () => {
  const price = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 12, max: 18 }))
  const count = fc.integer({ min: 0, max: 5_000_000 })
  fc.assert(
    fc.property(
      fc.array(price, { minLength: 4, maxLength: 4 }),
      fc.array(count, { minLength: 4, maxLength: 4 }),
      (rates, counts) => {
        const names = [
          'input_cost_per_token',
          'cache_read_input_token_cost',
          'output_cost_per_token',
          'output_cost_per_reasoning_token',
        ]
        const map = `{"m":{"mode":"chat",${names.map((name, at) => `"${name}":${rates[at]![0]}e-${rates[at]![1]}`).join(',')}}}`
        const [entry] = readLitellm(
          map.replace(/:(\d{10,})e-(\d+)/g, (_, digits: string, scale: string) => {
            const cut = digits.length - 1
            return `:${digits.slice(0, 1)}.${digits.slice(1)}e-${Number(scale) - cut}`
          }),
        )
        if (entry?.is !== 'price') throw new Error(JSON.stringify(entry))
        const { rates: texts } = entry
        const row = {
          ...{
            id: 'price_1' as const,
            model: 'm',
            effectiveFrom: '2026-01-01' as Day,
            source: '',
            createdAtMs: 0 as never,
          },
          ...{ input: texts.input ?? '', output: texts.output ?? '', cachedInput: texts.cachedInput ?? null },
          ...{ cacheWrite: null, cacheWriteLong: null, reasoning: texts.reasoning ?? null, variantsJson: '[]' },
        } as const
        const stored = priceOn([priceOf(row)], '2026-01-01' as Day)
        const [inputTokens, cachedInputTokens, outputTokens, reasoningTokens] = counts as [
          number,
          number,
          number,
          number,
        ]
        const used = { ...NO_COUNTS, inputTokens, cachedInputTokens, outputTokens, reasoningTokens }
        const exact = exactCostOf(used, stored!, null)!
        // Rational arithmetic: Σ count × digits / 10^18, at one scale.
        const sum = rates.reduce(
          (all, [digits, scale], at) => all + BigInt(counts[at]!) * digits * 10n ** BigInt(18 - scale),
          0n,
        )
        expect(exact.digits * 10n ** BigInt(18 - exact.scale)).toBe(sum)
      },
    ),
    { numRuns: 300 },
  )
})

test('every line of the catalogue is a price that a call can be billed with', () => {
  for (const sheet of PRICE_SHEETS) {
    const lines = pricesOf(sheet)
    expect(new Set(lines.map(({ model }) => model)).size).toBe(lines.length)
    for (const { model, rates } of lines) {
      expect([model, readUsd(rates.input ?? ''), readUsd(rates.output ?? '')]).not.toContain(null)
      const found = cataloguedPrice(sheet.provider, model)
      expect([model, found?.id, found?.source.includes(sheet.asOf)]).toEqual([model, null, true])
    }
  }
  const listed = cataloguedPrice('openai', 'gpt-5-nano')
  expect(exactText(listed!.variants.find(({ tier }) => tier === 'flex')!.rates.cachedInput!)).toBe('0.0025')
  expect(cataloguedPrice('vllm', 'llama-3.3-70b-versatile')).toBeNull()
  expect(cataloguedPrice('groq', 'llama-3.3-70b-versatile')?.model).toBe('llama-3.3-70b-versatile')
})
