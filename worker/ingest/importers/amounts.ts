import { type ExactUsd, readUsd } from '../../../db/units/money.ts'
import { type EpochMs, parseDay, parseInstant } from '../../../db/units/time.ts'

/**
 * An amount as bills in the wild write it: "12.5", "-.5", "35.2E-7", "$10,100.00 ", "(12.50)". Null for what is none or
 * could be two things: "1,5", "+1", "35E+7".
 */
export function readAmount(text: string): ExactUsd | null {
  const trimmed = text.trim()
  const plain = readUsd(trimmed)
  if (plain) return plain
  const match = /^(-?)(\()?\$?(\d{1,3}(?:,\d{3})+|\d*)(\.\d+)?([eE]-\d{1,2})?(\))?$/.exec(trimmed)
  if (!match) return null
  const [, sign, open, whole = '', fraction = '', exponent = '', close] = match
  if ((open === undefined) !== (close === undefined) || (open && sign) || whole + fraction === '') return null
  return readUsd(`${open ? '-' : sign}${whole.replaceAll(',', '') || '0'}${fraction}${exponent}`)
}

/** The product, to its last digit. */
export function multiplyExact(a: ExactUsd, b: ExactUsd): ExactUsd {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale }
}

/**
 * A time as bills write it: ISO 8601 (without a zone it is UTC), or month/day/year as a spreadsheet or an Azure EA
 * export leaves it ("4/1/25", "09/21/2023"). Null for anything else.
 */
export function readBillTime(text: string): EpochMs | null {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})$/.exec(text)
  if (!american) return parseInstant(text)
  const [, month = '', day = '', year = ''] = american
  const iso = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return parseDay(iso) && parseInstant(iso)
}
