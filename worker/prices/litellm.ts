import { divideHalfEven, type ExactUsd, exactText, readUsd } from '../../db/units/money.ts'
import { HelioxError } from '../errors.ts'
import type { RateName, Tier } from '../gateway/pricing/price.ts'
import { inOrder, type PriceTexts, type RateTexts, type VariantTexts } from './price-fields.ts'

/** What an entry of a price map comes to. */
export type MapEntry =
  | ({ model: string; is: 'price'; isRounded: boolean; unread: readonly string[] } & PriceTexts)
  | { model: string; is: 'refused'; reason: string }
  | { model: string; is: 'skipped'; why: string }

/** Modes whose calls are billed by tokens alone. An entry without a mode counts as one of them. */
const READ_MODES = new Set(['chat', 'completion', 'embedding', 'responses'])
const FIELDS: Readonly<Record<string, RateName>> = {
  input_cost_per_token: 'input',
  output_cost_per_token: 'output',
  cache_read_input_token_cost: 'cachedInput',
  cache_creation_input_token_cost: 'cacheWrite',
  cache_creation_input_token_cost_above_1hr: 'cacheWriteLong',
  output_cost_per_reasoning_token: 'reasoning',
}
/** Thresholds and tiers stand inside the name: `input_cost_per_token_above_200k_tokens_priority`. */
const FIELD = new RegExp(
  `^(${Object.keys(FIELDS)
    .sort((a, b) => b.length - a.length)
    .join('|')})(?:_above_(\\d{1,6})k_tokens)?(?:_(batches|flex|priority))?$`,
)
const SUFFIX_TIERS: Readonly<Record<string, Tier>> = { batches: 'batch', flex: 'flex', priority: 'priority' }
/** Decimals of a price per million tokens: floats that were calculated (0.18000000000000002) become what was meant. */
const SCALE = 12

/** A JSON number as it was written. */
class Written {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/**
 * Reads a price map as LiteLLM publishes it (model_prices_and_context_window.json). Prices are read digit by digit from the
 * text, never through a float, and rounded half-even once at 12 decimals of a dollar per million tokens. What has no price
 * of tokens is skipped; what has one that cannot be right is refused.
 *
 * @throws HelioxError invalid `prices.not_json`
 */
export function readLitellm(text: string): MapEntry[] {
  let map: unknown
  try {
    map = JSON.parse(text, ((_key: string, value: unknown, context: { source: string }) =>
      typeof value === 'number' ? new Written(context.source) : value) as (key: string, value: unknown) => unknown)
  } catch {
    map = null
  }
  if (map === null || typeof map !== 'object' || Array.isArray(map) || map instanceof Written)
    throw new HelioxError(
      'invalid',
      'prices.not_json',
      'The file must be a JSON object of models, as LiteLLM publishes it',
    )
  return Object.entries(map).map(([model, entry]) => entryOf(model, entry))
}

function entryOf(model: string, entry: unknown): MapEntry {
  const refused = (reason: string): MapEntry => ({ model: model.slice(0, 200), is: 'refused', reason })
  if (model === 'sample_spec') return { model, is: 'skipped', why: 'sample_spec' }
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry) || entry instanceof Written)
    return refused('is not an object')
  if (model === '' || model.trim() !== model || model.length > 200 || /\p{Cc}/u.test(model))
    return refused('its name is not one of a model')
  const said = entry as Record<string, unknown>
  const mode = typeof said.mode === 'string' ? said.mode : 'chat'
  if (!READ_MODES.has(mode)) return { model, is: 'skipped', why: mode }
  const rates: RateTexts = {}
  const variants = new Map<string, VariantTexts>()
  const unread: string[] = []
  let isRounded = false
  for (const [name, value] of Object.entries(said)) {
    const [, field = '', thousands, suffix] = FIELD.exec(name) ?? []
    if (field === '') {
      if (/cost|price|pricing/.test(name) && value !== null && name !== 'input_cost_per_token_cache_hit')
        unread.push(name)
      continue
    }
    if (value === null) continue
    const exact = value instanceof Written ? readUsd(value.text) : null
    if (!exact) return refused(`${name} is not a price`)
    if (exact.digits < 0n) return refused(`${name} is below zero`)
    if (exact.digits > 10n ** BigInt(exact.scale)) return refused(`${name} is more than $1 a token`)
    const million = perMillion(exact)
    isRounded ||= million.isRounded
    const into = variantAt(variants, rates, thousands, suffix)
    into[FIELDS[field] as RateName] = million.text
  }
  const hit = said.input_cost_per_token_cache_hit
  const hitPrice = hit instanceof Written ? readUsd(hit.text) : null
  if (rates.cachedInput === undefined && hitPrice && hitPrice.digits >= 0n)
    rates.cachedInput = perMillion(hitPrice).text
  if (rates.input === undefined && rates.output === undefined)
    return said.tiered_pricing === undefined
      ? { model, is: 'skipped', why: 'no price of tokens' }
      : refused('has tiered_pricing alone, which is not read')
  if (rates.input === undefined) return refused('has no price of input')
  if (rates.output === undefined && mode === 'embedding') rates.output = '0.00' // an embedding puts out no tokens
  if (rates.output === undefined) return refused('has no price of output')
  // Said twice it is one price: a tier's price of output then holds for reasoning too.
  for (const one of [rates, ...variants.values()]) if (one.reasoning === one.output) delete one.reasoning
  return { model, is: 'price', rates, variants: inOrder([...variants.values()]), isRounded, unread }
}

function variantAt(
  variants: Map<string, VariantTexts>,
  rates: RateTexts,
  thousands: string | undefined,
  suffix: string | undefined,
): RateTexts {
  if (!thousands && !suffix) return rates
  const key = `${thousands ?? ''} ${suffix ?? ''}`
  const tier = suffix && SUFFIX_TIERS[suffix]
  const known = variants.get(key) ?? {
    ...(tier ? { tier } : {}),
    ...(thousands ? { aboveTokens: Number(thousands) * 1000 } : {}),
  }
  variants.set(key, known)
  return known
}

/** A price of one token as text of a price of a million. */
function perMillion({ digits, scale }: ExactUsd): { text: string; isRounded: boolean } {
  const exact = scale >= 6 ? { digits, scale: scale - 6 } : { digits: digits * 10n ** BigInt(6 - scale), scale: 0 }
  if (exact.scale <= SCALE) return { text: exactText(exact), isRounded: false }
  const size = 10n ** BigInt(exact.scale - SCALE)
  const rounded = divideHalfEven(exact.digits, size)
  return { text: exactText({ digits: rounded, scale: SCALE }), isRounded: rounded * size !== exact.digits }
}
