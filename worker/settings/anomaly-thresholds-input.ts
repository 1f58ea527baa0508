import { z } from 'zod'
import { readUsd } from '../../db/units/money.ts'
import { SeenVersion } from '../input-fields.ts'

/** The decision as it is sent, stored and answered: plain JSON. */
export const AnomalyThresholdFields = z.object({
  minImpactUsd: z
    .string()
    .refine((text) => {
      const amount = readUsd(text)
      return amount !== null && amount.digits >= 0n
    }, 'expected an amount such as "250.00", not below 0')
    .default('0.00')
    .describe('Deviations below it are none, whatever else holds')
    .meta({ examples: ['250.00'] }),
  minShareOfMedianDay: z
    .number('expected a number')
    .min(0, 'must not be below 0')
    .max(1, 'must not be more than the whole day')
    .default(0.01)
    .describe('Nor are those below this part of what is spent on a median day'),
  sensitivity: z.enum(['low', 'medium', 'high']).default('medium').describe('How far from usual: high finds most'),
})
export type AnomalyThresholds = z.output<typeof AnomalyThresholdFields>

/** What the page's form of it sends. */
export const AnomalyThresholdsChange = z.object({ anomalyThresholds: AnomalyThresholdFields, version: SeenVersion })
