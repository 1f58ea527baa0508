import { z } from 'zod'
import type { Day } from '../../db/units/time.ts'
import { DayText, GpuHoursInput, IdText, LineText, SeenVersion, SourceName, UsdInput } from '../input-fields.ts'
import { GpuTypeChange, GpuTypeName, ProviderName } from './pool-input.ts'

const Place = LineText(300).optional()

/** What may be written of an entry, new or changed. Credits come with a full bill, so a cost is above zero here. */
export const CostFields = {
  date: DayText.optional().describe('Needed for something new, here or as entry_date'),
  entryDate: DayText.optional().describe('The same as date'),
  costUsd: UsdInput.refine((amount) => amount > 0n, 'must be greater than 0').describe('What the invoice says'),
  effectiveCostUsd: UsdInput.refine((amount) => amount >= 0n, 'must not be below 0')
    .nullish()
    .describe('Amortised, where that is another amount'),
  gpuHours: GpuHoursInput.nullish().describe('GPU time that the amount bought'),
  capacityGpuHours: GpuHoursInput.nullish().describe(
    'The same, as answers call it; gpu_hours wins where both are given',
  ),
  source: SourceName.optional(),
  ...{
    billingAccount: Place,
    account: Place,
    region: Place,
    sku: Place,
    chargeCategory: Place,
    pricingCategory: Place,
  },
}

/** The day under either of its names; undefined: neither is given. */
export function dayIn({ date, entryDate }: { date?: Day | undefined; entryDate?: Day | undefined }): Day | undefined {
  return date ?? entryDate
}

/** For `refine`: not two days in one entry. */
export const oneDay = ({ date, entryDate }: Parameters<typeof dayIn>[0]) => !date || !entryDate || date === entryDate
export const ONE_DAY = { path: ['entryDate'], message: 'is another day than date' }

/** The hours under either of their names; who echoes what was read and adds `gpuHours` means the latter. */
export function hoursIn(given: { gpuHours?: number | null | undefined; capacityGpuHours?: number | null | undefined }) {
  return given.gpuHours === undefined ? given.capacityGpuHours : given.gpuHours
}

/** A new entry. */
export const NewCost = z
  .object({ ...CostFields, provider: ProviderName, gpuType: GpuTypeName })
  .refine((input) => dayIn(input) !== undefined, { path: ['date'], message: 'a day is needed' })
  .refine(oneDay, ONE_DAY)

/** What is absent stays. The amortised amount follows the billed one where they were the same; null makes them so. */
export const CostChange = z
  .object({
    ...CostFields,
    id: IdText('cost'),
    version: SeenVersion,
    costUsd: CostFields.costUsd.optional(),
    provider: ProviderName.optional(),
    gpuType: GpuTypeChange.optional(),
  })
  .refine(oneDay, ONE_DAY)
