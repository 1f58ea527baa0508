import { columnsNamed, csvRecords } from './csv-rows.ts'
import { FOCUS_NEEDED, FOCUS_READ, focusCharges, focusText } from './focus-charge.ts'
import { aboutFocus, focusKey } from './focus-version.ts'
import type { TextImporter } from './importer.ts'

const EXPECTED =
  'a FOCUS export (focus.finops.org): a CSV with the columns BilledCost, EffectiveCost, ChargePeriodStart, ChargeCategory, …'
/** A spreadsheet in Europe saves with semicolons. */
const SHAPE = { keyOf: focusKey, delimiters: [',', ';', '\t'] }

/**
 * FOCUS 1.0–1.4 cost and usage. `NULL`, `null` and empty all mean null; times without a zone are UTC; a charge counts
 * on the day its period starts; credits and refunds are negative and kept. Rows of one day, SKU, account and region
 * add up. A row whose currency is not US dollars, or not known, is refused: Heliox guesses no rate.
 */
export const focusCsv: TextImporter = {
  id: 'focus-csv',
  label: 'FOCUS 1.0–1.4 bill as CSV',
  kind: 'costs',
  accept: '.csv,.gz',
  defaultSource: 'focus',
  isBill: true,
  recognises: (head) => columnsNamed(head, FOCUS_NEEDED, SHAPE),
  open: (options) => {
    let about = ''
    const reader = csvRecords(
      EXPECTED,
      FOCUS_NEEDED,
      (columns, header) => {
        about = aboutFocus(header)
        const places = new Map(FOCUS_READ.map((name) => [name as string, columns.get(focusKey(name))]))
        const charge = focusCharges(options)
        return (line, fields) =>
          charge(line, (name) => {
            const place = places.get(name)
            return place === undefined ? '' : focusText(fields[place] ?? '')
          })
      },
      SHAPE,
    )
    return { ...reader, about: () => about }
  },
}
