import { normalName, readGpuHours } from '../../../db/units/gpu.ts'
import { parseDay } from '../../../db/units/time.ts'
import { columnsNamed, csvRows } from './csv-rows.ts'
import {
  quoted,
  type Reader,
  type Refused,
  refuse,
  type TextImporter,
  type UsageDraft,
  wrongFormat,
} from './importer.ts'

const COLUMNS = ['date', 'provider', 'gpu_type', 'gpu_hours'] as const
const EXPECTED = `a CSV whose first line names the columns ${COLUMNS.join(', ')} (and, if you like, measured_gpu_hours), and no cost_usd`
/** A header is short; a longer first line is none. */
const LONGEST_HEADER = 65_536

/** Measured GPU time: one row per UTC day, provider and GPU type. */
export const usageCsv: TextImporter = {
  id: 'usage-csv',
  label: 'Measured usage as CSV: date, provider, gpu_type, gpu_hours, measured_gpu_hours',
  kind: 'usage',
  accept: '.csv,.gz',
  defaultSource: '',
  isBill: false,
  recognises: (head) => (isCostFile(head) ? null : columnsNamed(head, COLUMNS)),
  open: () =>
    withoutCosts(
      csvRows(EXPECTED, COLUMNS, (line, field) =>
        readUsageRow(line, {
          date: field('date').trim(),
          provider: field('provider'),
          gpuType: field('gpu_type'),
          gpuHours: field('gpu_hours').trim(),
          measuredGpuHours: field('measured_gpu_hours').trim(),
        }),
      ),
    ),
}

type UsageRow = { date: string; provider: string; gpuType: string; gpuHours: string; measuredGpuHours: string }

function readUsageRow(line: number, row: UsageRow): UsageDraft | Refused {
  const entryDate = parseDay(row.date)
  const provider = normalName(row.provider)
  const gpuType = normalName(row.gpuType)
  const gpuSeconds = readGpuHours(row.gpuHours)
  const measuredGpuSeconds = row.measuredGpuHours === '' ? null : readGpuHours(row.measuredGpuHours)
  if (!entryDate) return refuse(line, 'date', 'bad_date', `expected a day as YYYY-MM-DD, found ${quoted(row.date)}`)
  for (const [column, name] of [
    ['provider', provider],
    ['gpu_type', gpuType],
  ] as const) {
    if (name === '') return refuse(line, column, 'missing', `a ${column} is needed`)
    if (name.length > 100) return refuse(line, column, 'too_long', `a ${column} has at most 100 characters`)
  }
  const bad = (column: string, text: string) =>
    refuse(line, column, 'bad_gpu_hours', `expected GPU-hours such as 24.5, found ${quoted(text)}`)
  if (gpuSeconds === null) return bad('gpu_hours', row.gpuHours)
  if (row.measuredGpuHours !== '' && measuredGpuSeconds === null) return bad('measured_gpu_hours', row.measuredGpuHours)
  return { kind: 'usage', line, entryDate, provider, gpuType, gpuSeconds, measuredGpuSeconds }
}

/** A file of costs names the GPU time that each of them bought: that is no measurement, and its dollars would be lost. */
function isCostFile(head: string): boolean {
  return columnsNamed(head, ['cost_usd']) !== null
}

function withoutCosts(reader: Reader): Reader {
  let head: string | null = ''
  const checked = (text: string, isLast: boolean): string => {
    if (head === null) return text
    head += text
    if (!isLast && !head.trimStart().includes('\n') && head.length < LONGEST_HEADER) return ''
    if (isCostFile(head)) throw wrongFormat(`expected ${EXPECTED}; this is a cost-csv file`)
    const whole = head
    head = null
    return whole
  }
  return {
    push: (text) => reader.push(checked(text, false)),
    end: () => [...reader.push(checked('', true)), ...reader.end()],
  }
}
