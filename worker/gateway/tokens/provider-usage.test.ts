import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PriceId } from '../../../db/units/ids.ts'
import { type NanoUsd, readUsd, toNanoUsd, usdText } from '../../../db/units/money.ts'
import type { Day } from '../../../db/units/time.ts'
import { costOf } from '../pricing/cost.ts'
import { type ModelPrice, priceOf } from '../pricing/price.ts'
import { anthropicUsage, mergedUsage } from './anthropic-usage.ts'
import { completionTokens, promptTokens, totalTokens } from './counts.ts'
import { geminiUsage } from './gemini-usage.ts'
import { openaiUsage, type SaidUsage } from './openai-usage.ts'

type Texts = Partial<
  Record<'input' | 'output' | 'cachedInput' | 'cacheWrite' | 'cacheWriteLong' | 'variantsJson', string>
>

function price(texts: Texts): ModelPrice {
  const none = { cachedInput: null, cacheWrite: null, cacheWriteLong: null, reasoning: null, variantsJson: '[]' }
  const row = { ...none, input: '0', output: '0', ...texts }
  const named = { id: 'price_1' as PriceId, model: 'm', effectiveFrom: '2026-01-01' as Day }
  return priceOf({ ...named, ...row, source: 'test', createdAtMs: 0 } as Parameters<typeof priceOf>[0])
}

function cost(said: SaidUsage | null, texts: Texts): string | null {
  const amount = said && costOf(said.counts, price(texts), null)
  return amount === null ? null : usdText(amount)
}

test('OpenAI: cached is part of the prompt, reasoning part of the completion: 0.0027 USD', () => {
  const said = openaiUsage({
    ...{ prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 },
    ...{ prompt_tokens_details: { cached_tokens: 600 }, completion_tokens_details: { reasoning_tokens: 150 } },
  })
  expect(said?.counts).toMatchObject({
    inputTokens: 400,
    cachedInputTokens: 600,
    outputTokens: 50,
    reasoningTokens: 150,
  })
  // 400 × 2 + 600 × 0.5 + 200 × 8 = 2,700 millionths
  expect(cost(said, { input: '2', cachedInput: '0.5', output: '8' })).toBe('0.0027')
})

test('Anthropic: cache reads and writes stand beside the input: 0.005055 USD', () => {
  const said = anthropicUsage({
    ...{ input_tokens: 400, cache_read_input_tokens: 600, cache_creation_input_tokens: 150, output_tokens: 200 },
    cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 50 },
  })
  expect(said?.counts).toMatchObject({ inputTokens: 400, cacheWriteTokens: 150, cacheWriteLongTokens: 50 })
  // 400 × 3 + 600 × 0.3 + 100 × 3.75 + 50 × 6 + 200 × 15 = 5,055 millionths
  const rates = { input: '3', cachedInput: '0.3', cacheWrite: '3.75', cacheWriteLong: '6', output: '15' }
  expect(cost(said, rates)).toBe('0.005055')
})

test('Anthropic: without the split all writes are of five minutes', () => {
  const said = anthropicUsage({ input_tokens: 0, cache_creation_input_tokens: 100, output_tokens: 0 })
  expect(cost(said, { input: '3', cacheWrite: '3.75', cacheWriteLong: '6', output: '15' })).toBe('0.000375')
})

test('Anthropic: in a stream the last word counts: 200, not 251', () => {
  let usage: Readonly<Record<string, unknown>> = {}
  for (const said of [
    { input_tokens: 10, output_tokens: 1 },
    { output_tokens: 50 },
    { output_tokens: 200, input_tokens: null },
  ])
    usage = mergedUsage(usage, said)
  expect(anthropicUsage(usage)?.counts).toMatchObject({ inputTokens: 10, outputTokens: 200 })
})

test('Gemini: thoughts stand beside the candidates: 0.002575 USD', () => {
  const said = geminiUsage({
    ...{ promptTokenCount: 1000, cachedContentTokenCount: 600, candidatesTokenCount: 50, thoughtsTokenCount: 150 },
    totalTokenCount: 1200,
  })
  expect(said?.counts).toMatchObject({
    inputTokens: 400,
    cachedInputTokens: 600,
    outputTokens: 50,
    reasoningTokens: 150,
  })
  // 400 × 1.25 + 600 × 0.125 + 200 × 10 = 2,575 millionths
  expect(cost(said, { input: '1.25', cachedInput: '0.125', output: '10' })).toBe('0.002575')
})

test('above a threshold the whole request has the higher rate: 1.50 USD, not 0.82', () => {
  const variantsJson = JSON.stringify([{ aboveTokens: 272_000, input: '5' }])
  expect(cost(openaiUsage({ prompt_tokens: 300_000, completion_tokens: 0 }), { input: '2.5', variantsJson })).toBe(
    '1.50',
  )
  expect(cost(openaiUsage({ prompt_tokens: 272_000, completion_tokens: 0 }), { input: '2.5', variantsJson })).toBe(
    '0.68',
  )
})

test('what is not said has no price: null, never 0', () => {
  for (const read of [openaiUsage, anthropicUsage, geminiUsage])
    for (const nothing of [null, undefined, {}, 'x', { total_tokens: 5 }]) expect(read(nothing)).toBeNull()
})

test('what the provider reports is kept beside what the price book says: 0.003092, off by 0.002226', () => {
  const said = openaiUsage({ prompt_tokens: 2659, completion_tokens: 0, cost: 0.003092 })
  const reported = said?.reportedCost ? toNanoUsd(said.reportedCost) : null
  const computed = costOf(said?.counts as SaidUsage['counts'], price({ input: '2' }), null)
  expect([usdText(reported as NanoUsd), usdText(computed as NanoUsd)]).toEqual(['0.003092', '0.005318'])
  expect((computed as bigint) - (reported as bigint)).toBe(2_226_000n)
  expect(readUsd('0.002226')).toEqual({ digits: 2226n, scale: 6 })
})

const count = fc.nat({ max: 2_000_000 })

test('OpenAI: whatever the usage, the buckets are disjoint and sum to its total', () => {
  fc.assert(
    fc.property(count, count, count, count, (fresh, cached, shown, thought) => {
      const [prompt_tokens, completion_tokens] = [fresh + cached, shown + thought]
      const details = {
        prompt_tokens_details: { cached_tokens: cached },
        completion_tokens_details: { reasoning_tokens: thought },
      }
      const counts = openaiUsage({ prompt_tokens, completion_tokens, ...details })?.counts
      expect(counts).toMatchObject({ inputTokens: fresh, outputTokens: shown })
      expect(counts && totalTokens(counts)).toBe(prompt_tokens + completion_tokens)
    }),
  )
})

test('Anthropic: whatever the usage, the buckets are disjoint and sum to all that it names', () => {
  fc.assert(
    fc.property(count, count, count, count, count, (input, read, short, long, output) => {
      const counts = anthropicUsage({
        ...{ input_tokens: input, cache_read_input_tokens: read, cache_creation_input_tokens: short + long },
        ...{
          cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
          output_tokens: output,
        },
      })?.counts
      expect(counts && promptTokens(counts)).toBe(input + read + short + long)
      expect(counts && completionTokens(counts)).toBe(output)
    }),
  )
})

test('Gemini: whatever the usage, the buckets are disjoint and sum to totalTokenCount', () => {
  fc.assert(
    fc.property(count, count, count, count, count, (fresh, cached, tools, shown, thought) => {
      const counts = geminiUsage({
        ...{ promptTokenCount: fresh + cached, cachedContentTokenCount: cached, toolUsePromptTokenCount: tools },
        ...{ candidatesTokenCount: shown, thoughtsTokenCount: thought },
      })?.counts
      expect(counts && totalTokens(counts)).toBe(fresh + cached + tools + shown + thought)
    }),
  )
})
