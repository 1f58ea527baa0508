import { z } from 'zod'
import { type Chosen, isWhole, METHODS, shareOf } from '../node-split/methods.ts'
import type { Setting } from './setting.ts'

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

/** How a node's cost becomes its GPUs', until a question names another way. */
export const nodeSplitMethod = {
  title: 'How a node’s cost is split',
  value: z
    .object({
      method: z.enum(METHODS),
      shares: Shares.nullable().default(null).describe('With custom, and with no other: decimals that sum to 1'),
    })
    .refine(({ method, shares }) => (method === 'custom') === (shares !== null), {
      message: 'custom needs shares, and no other method takes any',
      path: ['shares'],
    }),
  // What GPU clouds quote and ML teams charge back by: it takes nothing away from who holds the GPU.
  fallback: { method: 'all-gpu', shares: null },
} satisfies Setting<Chosen>
