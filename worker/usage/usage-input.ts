import { z } from 'zod'
import { dayIn, ONE_DAY, oneDay } from '../costs/cost-input.ts'
import { GpuTypeChange, GpuTypeName, ProviderName } from '../costs/pool-input.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import { DayText, GpuHoursInput, IdText, SeenVersion } from '../input-fields.ts'

/** What may be written of a measurement, new or changed. */
export const UsageFields = {
  date: DayText.optional().describe('Needed for something new, here or as entry_date'),
  entryDate: DayText.optional().describe('The same as date'),
  gpuHours: GpuHoursInput.describe('Kept to the second'),
}

/** A new measurement. */
export const NewUsage = z
  .object({ ...UsageFields, provider: ProviderName, gpuType: GpuTypeName })
  .refine((input) => dayIn(input) !== undefined, { path: ['date'], message: 'a day is needed' })
  .refine(oneDay, ONE_DAY)

/** What is absent stays. */
export const UsageChange = z
  .object({
    ...UsageFields,
    id: IdText('usage'),
    version: SeenVersion,
    gpuHours: UsageFields.gpuHours.optional(),
    provider: ProviderName.optional(),
    gpuType: GpuTypeChange.optional(),
  })
  .refine(oneDay, ONE_DAY)

/** Which days to derive. */
export const UsageFromJobs = z
  .object({
    start: DayText.describe('First UTC day'),
    end: DayText.describe('Last UTC day, inside'),
    overwrite: z
      .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
      .default(false)
      .describe('Also where a measurement was entered or imported'),
  })
  .refine(daysInOrder, DAYS_IN_ORDER)
