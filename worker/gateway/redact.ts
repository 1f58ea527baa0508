type Strike = { pattern: RegExp; by: string; isMeant?: (text: string) => boolean }

/** In this order. Every repetition has a bound, so that no text takes long. */
const STRIKES: readonly Strike[] = [
  { pattern: /\bBearer\s{1,4}[\w.~+/=-]{8,2000}/gi, by: 'Bearer [key]' },
  { pattern: /\beyJ[\w-]{5,4000}\.[\w-]{5,4000}(?:\.[\w-]{0,2000})?/g, by: '[key]' }, // a JWT
  { pattern: /\b(?:sk|pk|rk)[-_][\w-]{16,300}/g, by: '[key]' }, // OpenAI, Anthropic, Stripe
  { pattern: /\bhlx_[a-z2-7]{20,60}/g, by: '[key]' },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, by: '[key]' }, // AWS
  { pattern: /\b(?:gh[pousr]_|github_pat_|glpat-|hf_|xox[abprs]-|AIza)[\w-]{16,255}/g, by: '[key]' },
  { pattern: /[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, by: '[e-mail]' },
  { pattern: /(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w])/g, by: '[card]', isMeant: isCardNumber },
  { pattern: /(?<![\w.])(?:\+|00)\d[\d ()./-]{6,20}\d(?!\w)/g, by: '[phone]' },
  {
    pattern: /(?<![\w.])\(?\d{2,5}\)?[ ./-]\d{2,4}(?:[ ./-]\d{2,5}){1,4}(?!\w)/g,
    by: '[phone]',
    isMeant: (text) => text.replace(/\D/g, '').length >= 9 && !/^\d{4}[-/.]\d{2}[-/.]\d{2}/.test(text),
  },
]

/** Text without e-mail addresses, phone and card numbers, keys and bearer tokens, as far as they can be told by their form. */
export function redacted(text: string): string {
  let left = text
  for (const { pattern, by, isMeant } of STRIKES)
    left = left.replace(pattern, (found) => (!isMeant || isMeant(found) ? by : found))
  return left
}

/** By the check digit that every card number has (Luhn, ISO/IEC 7812). */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at])
    const twice = at % 2 === 1 ? digit * 2 : digit
    sum += twice > 9 ? twice - 9 : twice
  }
  return sum % 10 === 0
}
