import type { Line, RandomEstate } from './random-estate.ts'

const FOCUS_HEADER = [
  'BilledCost,EffectiveCost,ListCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory',
  'ServiceProviderName,BillingAccountId,SubAccountId,SkuPriceId,x_HelioxExport,x_HelioxGpuType,x_HelioxGpuHours',
].join(',')

/** Lines as a FOCUS file; '' without any. */
export function focusFile(lines: readonly Line[]): string {
  const rows = lines.map(({ account, day, provider, gpuType, effective, billed, list, gpuHours }) =>
    [
      `${dollars(billed)},${dollars(effective)},${list === null ? '' : dollars(list)},USD,${day.slice(0, 7)}-01T00:00:00Z`,
      `${day}T00:00:00Z,${effective < 0n ? 'Credit' : 'Usage'},${provider},${account},${account}-sub,sku-${gpuType}`,
      `costs,${gpuType},${gpuHours}`,
    ].join(','),
  )
  return fileOf(FOCUS_HEADER, rows)
}

export function costFile(estates: readonly RandomEstate[]): string {
  const rows = estates.flatMap(({ costs }) =>
    costs.map(({ day, provider, gpuType, effective, gpuHours }) =>
      [day, provider, gpuType, dollars(effective), gpuHours].join(','),
    ),
  )
  return fileOf('date,provider,gpu_type,cost_usd,gpu_hours', rows)
}

export function jobFileOf(rows: readonly string[]): string {
  return fileOf('job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status', rows)
}

export function sacctFile(estates: readonly RandomEstate[]): string {
  const rows = estates.flatMap(({ sacct }) => sacct)
  return fileOf('JobIDRaw|Cluster|Account|State|Start|End|ElapsedRaw|AllocTRES|JobName', rows)
}

export function usageFile(estates: readonly RandomEstate[]): string {
  const rows = estates.flatMap(({ usage }) => usage)
  return fileOf('date,provider,gpu_type,gpu_hours,measured_gpu_hours', rows)
}

function fileOf(header: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : `${[header, ...rows].join('\n')}\n`
}

function dollars(nano: bigint): string {
  const text = String(nano < 0n ? -nano : nano).padStart(10, '0')
  return `${nano < 0n ? '-' : ''}${text.slice(0, -9)}.${text.slice(-9)}`
}
