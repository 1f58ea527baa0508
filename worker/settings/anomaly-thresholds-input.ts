import { z } from 'zod'
import { readUsd } from '../../db/units/money.ts'

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
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('Nor are those below this part of what is spent on a median day'),
  sensitivity: z.enum(['low', 'medium', 'high']).default('medium').describe('How far from usual: high finds most'),
})
export type AnomalyThresholds = z.output<typeof AnomalyThresholdFields>
