import { CsvReader } from './csv.ts'
import { csvRows } from './csv-rows.ts'
import { curCharge } from './cur-charge.ts'
import { CUR_2, CUR_NEEDED, type CurFile, curFile, curKey } from './cur-columns.ts'
import { CurTally } from './cur-tally.ts'
import { type Reader, type ReadOptions, type TextImporter, wrongFormat } from './importer.ts'

const EXPECTED =
  'an AWS Cost and Usage Report: a CSV with the columns lineItem/UnblendedCost, lineItem/UsageStartDate, lineItem/LineItemType, … (or line_item_unblended_cost, …)'

/**
 * AWS Cost and Usage Reports as CSV: the legacy one, CUR 2.0 of Data Exports and what Athena makes of either. What a
 * row means is in `curCharge`.
 */
export const awsCurCsv: TextImporter = {
  id: 'aws-cur-csv',
  label: 'AWS Cost and Usage Report as CSV',
  kind: 'costs',
  accept: '.csv,.gz',
  defaultSource: 'aws-cur',
  isBill: true,
  recognises: (head) => {
    const header = new CsvReader().push(`${head.trimStart().split('\n', 1)[0]}\n`)[0]?.fields ?? []
    if (missingOf(header).length > 0) return null
    const { nameOf } = curFile(header)
    return `its header names ${CUR_NEEDED.map(nameOf).join(', ')}`
  },
  partOf: curPart,
  open: curCsvReader,
}

/** AWS numbers the files of one export: name-00001.csv.gz, name-00002.csv.gz. The first is no part: mostly it is all. */
export function curPart(fileName: string): string {
  const number = /-(\d{5})\.(?:snappy\.)?(?:csv|parquet)(?:\.gz)?$/i.exec(fileName)?.[1] ?? ''
  return number === '00001' ? '' : number
}

function curCsvReader(options: ReadOptions): Reader {
  let file: CurFile | null = null
  const places = new Map<string, number>() // -1: there is no such column
  const tally = new CurTally()
  const reader = csvRows(
    EXPECTED,
    [],
    (line, _field, fields) => {
      const known = file as CurFile
      const get = (name: string) => {
        let place = places.get(name)
        if (place === undefined) {
          place = places.get(known.nameOf(name)) ?? -1
          places.set(name, place)
        }
        const text = place < 0 ? '' : (fields[place] ?? '').trim()
        return text === 'NULL' || text === 'null' ? '' : text
      }
      const row = curCharge(line, get, options, known)
      tally.note(row, get)
      return row
    },
    (header) => {
      const missing = missingOf(header)
      if (missing.length > 0) throw wrongFormat(`expected ${EXPECTED}; ${missing.join(', ')} missing`)
      file = curFile(header)
      for (const [place, name] of header.entries()) if (!places.has(name.trim())) places.set(name.trim(), place)
    },
  )
  return { ...reader, about: () => tally.about(file ?? CUR_2) }
}

/** The columns that cannot be done without, in the names of CUR 2.0. */
function missingOf(header: readonly string[]): string[] {
  const keys = new Set(header.map(curKey))
  return CUR_NEEDED.filter((name) => !keys.has(curKey(name)))
}
