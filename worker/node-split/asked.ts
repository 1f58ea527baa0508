import { z } from 'zod'
import { normalName } from '../../db/units/gpu.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import { HelioxError } from '../errors.ts'
import { DayText } from '../input-fields.ts'
import { NOT_WHOLE, ShareText } from '../settings/node-split-input.ts'
import { type Chosen, isWhole, METHODS, type Shares } from './methods.ts'

/** The values that a filter lets through; null: every value. */
const Values = z
  .union([z.string().transform((text) => [text]), z.array(z.string()).max(200)])
  .optional()
  .transform((values): readonly string[] | null => values ?? null)
const Names = Values.transform((names) => names?.map(normalName) ?? null)

const shares = { gpuShare: ShareText.optional(), cpuShare: ShareText.optional(), memoryShare: ShareText.optional() }

/** What node costs are asked for: days, both inside; filters, each repeatable; another method than the company's. */
export const NodeCostAsked = z
  .object({
    ...{ start: DayText, end: DayText, provider: Names, gpuType: Names },
    account: Values.describe('Accounts as on the bill'),
    method: z.enum(METHODS).optional().describe('Absent: the company’s'),
    ...shares,
  })
  .refine(daysInOrder, DAYS_IN_ORDER)
  .refine((asked) => sharesOf(asked) === null || asked.method === 'custom', {
    message: 'only the method custom takes shares',
    path: ['method'],
  })
  .refine((asked) => isWhole(sharesOf(asked) ?? { gpu: '1', cpu: '0', memory: '0' }), {
    message: NOT_WHOLE,
    path: ['gpuShare'],
  })
export type NodeCostAsked = z.output<typeof NodeCostAsked>

/** The shares that were given; one that is left out is none of the node. Null: none was given. */
function sharesOf(asked: { [Name in keyof typeof shares]?: string | undefined }): Shares | null {
  const { gpuShare, cpuShare, memoryShare } = asked
  if (gpuShare === undefined && cpuShare === undefined && memoryShare === undefined) return null
  return { gpu: gpuShare ?? '0', cpu: cpuShare ?? '0', memory: memoryShare ?? '0' }
}

/**
 * The method that a question is answered by. `custom` without shares takes the company's.
 *
 * @throws HelioxError invalid `node_split.no_shares`: the company has none
 */
export function chosenBy(asked: Pick<NodeCostAsked, 'method' | keyof typeof shares>, company: Chosen): Chosen {
  const { method = company.method } = asked
  if (method !== 'custom') return { method, shares: null }
  const given = sharesOf(asked) ?? company.shares
  if (given) return { method, shares: given }
  const message = 'Say the shares: the company has not chosen any (gpu_share, cpu_share, memory_share)'
  throw new HelioxError('invalid', 'node_split.no_shares', message)
}
