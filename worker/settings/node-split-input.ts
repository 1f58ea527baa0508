import { z } from 'zod'
import { SeenVersion } from '../input-fields.ts'
import { isWhole, METHODS, shareOf } from '../node-split/methods.ts'

/** A part of a whole as decimal text. */
export const ShareText = z
  .string()
  .meta({ examples: ['0.8'] })
  .refine((text) => shareOf(text) !== null, 'expected a decimal from 0 to 1 such as "0.8"')

/** What three shares must be. */
export const NOT_WHOLE = 'gpu, cpu and memory must sum to exactly 1'

const Shares = z
  .object({ gpu: ShareText, cpu: ShareText, memory: ShareText })
  .refine((shares) => isWhole(shares), NOT_WHOLE)

/** What the page's form of shares alone holds. */
export const SharesTried = z.object({ shares: Shares })

/** The decision as it is sent, stored and answered: plain JSON. */
export const NodeSplitFields = z
  .object({
    method: z.enum(METHODS),
    shares: Shares.nullable().default(null).describe('With custom, and with no other: decimals that sum to 1'),
  })
  .refine(({ method, shares }) => (method === 'custom') === (shares !== null), {
    message: 'custom needs shares, and no other method takes any',
    path: ['shares'],
  })

/** What the page's form of it sends. */
export const NodeSplitChange = z.object({ nodeSplitMethod: NodeSplitFields, version: SeenVersion })
