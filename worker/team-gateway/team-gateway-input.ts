import { z } from 'zod'
import { IdText, SeenVersion } from '../input-fields.ts'

const LONGEST_TTL_SECONDS = 30 * 86_400

/** What is absent stays. */
export const TeamGatewayChange = z.object({
  id: IdText('team'),
  version: SeenVersion,
  keepsBodies: z.boolean().optional().describe('Keep messages and answers of its calls'),
  bodyDays: z.number().int().min(1).max(3650).optional().describe('For how many days'),
  redacts: z.boolean().optional().describe('Strike e-mail addresses, phone and card numbers, and keys out of them'),
  cacheTtlSeconds: z
    .number()
    .int()
    .min(1)
    .max(LONGEST_TTL_SECONDS, 'must be at most 30 days')
    .nullish()
    .describe('How long an answer stands for the same question; null: never'),
  saysCost: z.boolean().optional().describe('Answers carry x-heliox-cost-usd and the like'),
})

export const TeamGatewayOf = z.object({ id: IdText('team') })
