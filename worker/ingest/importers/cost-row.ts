import { normalName, readGpuHours } from '../../../db/units/gpu.ts'
import { readUsd } from '../../../db/units/money.ts'
import { parseDay } from '../../../db/units/time.ts'
import { type CostDraft, quoted, type Refused, refuse } from './importer.ts'

/** The columns of the documented simple cost formats, as text; undefined: the row has no such field. */
export type CostRow = {
  date?: unknown
  provider?: unknown
  gpu_type?: unknown
  cost_usd?: unknown
  gpu_hours?: unknown
}

/**
 * One row of a simple cost file. Cost must be above zero (credits come with a full bill). `gpu_hours`, if there, is
 * the GPU time that the cost bought.
 */
export function readCostRow(line: number, row: CostRow): CostDraft | Refused {
  const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '')
  const cost = readUsd(text(row.cost_usd))
  const bad = (column: string, code: string, message: string): Refused => ({
    ...refuse(line, column, code, message),
    billed: cost,
    effective: cost,
  })
  const entryDate = parseDay(text(row.date))
  const provider = typeof row.provider === 'string' ? normalName(row.provider) : ''
  const gpuType = typeof row.gpu_type === 'string' ? normalName(row.gpu_type) : ''
  if (!entryDate) return bad('date', 'bad_date', `expected a day as YYYY-MM-DD, found ${quoted(row.date ?? '')}`)
  if (provider === '') return bad('provider', 'missing', 'a provider is needed')
  if (gpuType === '') return bad('gpu_type', 'missing', 'a GPU type is needed')
  if (provider.length > 100) return bad('provider', 'too_long', 'a provider has at most 100 characters')
  if (gpuType.length > 100) return bad('gpu_type', 'too_long', 'a GPU type has at most 100 characters')
  if (!cost)
    return bad('cost_usd', 'bad_amount', `expected dollars such as 1245.67, found ${quoted(row.cost_usd ?? '')}`)
  if (cost.digits <= 0n) return bad('cost_usd', 'not_positive', `must be greater than 0, found ${quoted(row.cost_usd)}`)
  const hours = text(row.gpu_hours)
  const capacityGpuSeconds = hours === '' ? null : readGpuHours(hours)
  if (hours !== '' && capacityGpuSeconds === null)
    return bad('gpu_hours', 'bad_gpu_hours', `expected GPU-hours such as 24.5, found ${quoted(row.gpu_hours)}`)
  return {
    ...{ kind: 'cost', line, entryDate, provider, gpuType, billed: cost, effective: cost, capacityGpuSeconds },
    ...{
      billingAccount: '',
      account: '',
      billingPeriod: '',
      ...{ region: '', service: '', sku: '', item: '', instanceType: '', chargeCategory: '', pricingCategory: '' },
      ...{ currency: 'USD', tags: '', list: null, billedInCurrency: null, usageSeconds: capacityGpuSeconds },
    },
  }
}
