import { describe, expect, test } from 'vitest'
import { type NanoUsd, readUsd, toNanoUsd, usdText } from './money.ts'
import {
  gradedCost,
  NO_TOKENS,
  promptTokens,
  type TokenPrice,
  type TokenRates,
  tokenCost,
  tokensIn,
  totalTokens,
} from './tokens.ts'

const usd = (text: string): NanoUsd => toNanoUsd(readUsd(text)!)

/** Dollars per million tokens: input, cached, output, and the two kinds of cache writes. */
function rates(input: string, cached: string, output: string, write?: string, longWrite?: string): TokenRates {
  return {
    inputNanoUsdPerMillionTokens: usd(input),
    cachedInputNanoUsdPerMillionTokens: usd(cached),
    cacheWriteNanoUsdPerMillionTokens: write === undefined ? null : usd(write),
    longCacheWriteNanoUsdPerMillionTokens: longWrite === undefined ? null : usd(longWrite),
    outputNanoUsdPerMillionTokens: usd(output),
    reasoningNanoUsdPerMillionTokens: null,
  }
}

const costText = (counts: ReturnType<typeof tokensIn>, price: TokenPrice) => usdText(tokenCost(counts!, price)!)

describe('cost of the same tokens as providers count them', () => {
  test('OpenAI: cached is part of the prompt, reasoning of the completion', () => {
    const counts = tokensIn('openai', { input: 1000, cached: 600, output: 200, reasoning: 150 })
    expect(counts).toEqual({
      ...NO_TOKENS,
      ...{ inputTokens: 400, cachedInputTokens: 600, outputTokens: 50, reasoningTokens: 150 },
    })
    expect(totalTokens(counts!)).toBe(1200)
    // 400 · 2 + 600 · 0.5 + 200 · 8 millionths of a dollar
    expect(costText(counts, { rates: rates('2', '0.5', '8') })).toBe('0.0027')
  })

  test('Anthropic: cache reads and both kinds of writes stand beside the input', () => {
    const counts = tokensIn('anthropic', { input: 400, cached: 600, cacheWrite: 100, longCacheWrite: 50, output: 200 })
    expect(totalTokens(counts!)).toBe(1350)
    // 400 · 3 + 600 · 0.3 + 100 · 3.75 + 50 · 6 + 200 · 15
    expect(costText(counts, { rates: rates('3', '0.3', '15', '3.75', '6') })).toBe('0.005055')
  })

  test('Gemini: cached is part of the prompt, thoughts stand beside the candidates', () => {
    const counts = tokensIn('gemini', { input: 1000, cached: 600, output: 50, reasoning: 150 })
    expect(totalTokens(counts!)).toBe(1200)
    // 400 · 1.25 + 600 · 0.125 + (50 + 150) · 10
    expect(costText(counts, { rates: rates('1.25', '0.125', '10') })).toBe('0.002575')
  })

  test('above a threshold the dearer rate holds for the whole request', () => {
    const price = {
      rates: rates('2.5', '2.5', '10'),
      above: [{ promptTokens: 272_000, rates: rates('5', '5', '15') }],
    }
    expect(costText(tokensIn('openai', { input: 300_000 }), price)).toBe('1.50')
    expect(costText(tokensIn('openai', { input: 272_000 }), price)).toBe('0.68') // at it is not above it
    expect(costText(tokensIn('openai', { input: 300_000, cached: 100_000 }), price)).toBe('1.50') // cached ones count
  })

  test('of two thresholds the one that is nearest below decides', () => {
    const above = [
      { promptTokens: 200_000, rates: rates('2', '2', '2') },
      { promptTokens: 500_000, rates: rates('4', '4', '4') },
    ]
    const price = { rates: rates('1', '1', '1'), above }
    expect(costText(tokensIn('openai', { input: 600_000 }), price)).toBe('2.40')
    expect(costText(tokensIn('openai', { input: 300_000 }), price)).toBe('0.60')
  })

  test('the documented price: 1,000 in and 500 out at 1.50 and 2.00', () => {
    const counts = tokensIn('openai', { input: 1000, output: 500 })
    expect(costText(counts, { rates: rates('1.50', '1.50', '2.00') })).toBe('0.0025')
  })

  test('a fraction of a nano-dollar is rounded once, half to even', () => {
    // one cached token at 2.5e-9 dollars is 2.5 nano-dollars; three are 7.5
    const price = { rates: rates('1', '0.0025', '1') }
    expect(tokenCost(tokensIn('anthropic', { cached: 1 })!, price)).toBe(2n)
    expect(tokenCost(tokensIn('anthropic', { cached: 3 })!, price)).toBe(8n)
  })
})

test('a cut-off stream without usage is unpriced, and so is a model without a price', () => {
  const price = { rates: rates('1', '1', '1') }
  expect(tokenCost(NO_TOKENS, price)).toBeNull()
  expect(tokenCost(tokensIn('openai', { input: 10 })!, null)).toBeNull()
  expect(gradedCost({})).toEqual({ costNanoUsd: null, costGrade: 'unpriced', discrepancyNanoUsd: null })
  expect(tokenCost(tokensIn('openai', { input: 0, output: 0 })!, price)).toBe(0n) // said to be none: free
})

test('what the provider says wins, and by how much our own figure differs is kept', () => {
  const known = { reported: usd('0.003092'), computed: usd('0.005318'), estimated: usd('1') }
  expect(gradedCost(known)).toEqual({
    ...{ costNanoUsd: usd('0.003092'), costGrade: 'reported', discrepancyNanoUsd: usd('0.002226') },
  })
  expect(gradedCost({ computed: usd('2'), estimated: usd('1') })).toMatchObject({ costGrade: 'computed' })
  expect(gradedCost({ estimated: usd('1') })).toMatchObject({ costNanoUsd: usd('1'), costGrade: 'estimated' })
})

test('a part that is larger than its whole is no count at all', () => {
  expect(tokensIn('openai', { input: 500, cached: 600 })).toBeNull()
  expect(tokensIn('openai', { input: 500, cached: 300, cacheWrite: 201 })).toBeNull()
  expect(tokensIn('openai', { output: 10, reasoning: 11 })).toBeNull()
  expect(tokensIn('anthropic', { input: 500, cached: 600 })).not.toBeNull()
  expect(tokensIn('gemini', { output: 10, reasoning: 11 })).not.toBeNull()
})

test('what is not said stays unknown and is in no sum', () => {
  const counts = tokensIn('openai', { input: 10 })!
  expect(counts).toEqual({ ...NO_TOKENS, inputTokens: 10 })
  expect([totalTokens(counts), promptTokens(counts)]).toEqual([10, 10])
  expect(totalTokens(NO_TOKENS)).toBeNull()
})
