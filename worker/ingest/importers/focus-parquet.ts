import { FOCUS_NEEDED, FOCUS_READ, focusCharges, focusText } from './focus-charge.ts'
import { aboutFocus, focusKey } from './focus-version.ts'
import { type RangedImporter, type Row, wrongFormat } from './importer.ts'
import { frameOf, isParquet, openParquet, recordOf } from './parquet-file.ts'

const EXPECTED =
  'a FOCUS export (focus.finops.org): a Parquet file with the columns BilledCost, EffectiveCost, ChargePeriodStart, ChargeCategory, …'

/** FOCUS 1.0–1.4 as Parquet: the same rows as `focus-csv`, counted from 1. Amounts that are floats are read as they print. */
export const focusParquet: RangedImporter = {
  id: 'focus-parquet',
  label: 'FOCUS 1.0–1.4 bill as Parquet',
  kind: 'costs',
  accept: '.parquet',
  defaultSource: 'focus',
  isBill: true,
  retriedAs: 'focus-csv',
  recognisesFile: async (file) => {
    if (!(await isParquet(file))) return null
    const { header } = await openParquet(file, EXPECTED)
    const isOurs = missingIn(header).length === 0
    return isOurs ? `it is Parquet with the columns ${FOCUS_NEEDED.join(', ')}` : null
  },
  openFile: (file, options) => {
    let about = ''
    let needed: string[] = []
    async function* rows(): AsyncGenerator<Row[]> {
      const table = await openParquet(file, EXPECTED)
      const missing = missingIn(table.header)
      if (missing.length > 0) throw wrongFormat(`expected ${EXPECTED}; ${missing.join(', ')} missing`)
      about = aboutFocus(table.header)
      const written = new Map(FOCUS_READ.map((name) => [name as string, nameIn(table.header, name)]))
      const charge = focusCharges(options)
      needed = [...written.values()].filter((name) => name !== undefined)
      for await (const batch of table.batches(needed)) {
        const { line, size, text } = batch
        const read = (index: number) => {
          const row = charge(line + index, (name) => {
            const column = written.get(name)
            return column === undefined ? '' : focusText(text(column, index))
          })
          if (row.kind === 'refused') row.record = recordOf(batch, needed, index)
          return row
        }
        yield Array.from({ length: size }, (_, index) => read(index))
      }
    }
    return { [Symbol.asyncIterator]: rows, about: () => about, frame: () => frameOf(needed) }
  },
}

function nameIn(header: readonly string[], name: string): string | undefined {
  return header.find((column) => focusKey(column) === focusKey(name))
}

function missingIn(header: readonly string[]): string[] {
  return FOCUS_NEEDED.filter((name) => nameIn(header, name) === undefined)
}
