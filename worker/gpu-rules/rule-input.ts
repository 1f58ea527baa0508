import { z } from 'zod'
import { normalName } from '../../db/units/gpu.ts'
import { IdText, LineText, NormalName, SeenVersion } from '../input-fields.ts'

/** Which lines are meant, and what is known of them. */
export const RuleFields = {
  provider: NormalName.optional()
    .describe('Equal, lower-cased')
    .meta({ examples: ['aws'] }),
  service: LineText(300)
    .optional()
    .describe('Equal')
    .meta({ examples: ['GPU Cloud'] }),
  sku: LineText(300).optional().describe('Equal'),
  instanceType: LineText(300).optional().describe('Equal'),
  itemContains: LineText(200).optional().describe('A part of the item’s name, without regard to case'),
  gpuCount: z.coerce
    .number<number>()
    .int()
    .min(1, 'must be at least 1')
    .max(1024, 'must be at most 1024')
    .nullish()
    .describe('GPUs of one billed unit: 8 for an instance of eight, 1 where GPU-hours are billed; null: not known'),
  note: LineText(500).optional(),
}

/** `h100`, or '' for what is no GPU. */
export const RuledType = z
  .string()
  .meta({ examples: ['h100'] })
  .transform(normalName)
  .pipe(
    z.string().regex(/^$|^[a-z0-9][a-z0-9 ._+-]{0,99}$/, 'expected a GPU type such as h100, or nothing for “no GPU”'),
  )
  .describe('Empty: these lines are no GPU')

export const NewRule = z.object({ ...RuleFields, gpuType: RuledType })

/** What is absent stays; '' takes a condition away. */
export const RuleChange = z.object({
  ...RuleFields,
  id: IdText('rule'),
  version: SeenVersion,
  gpuType: RuledType.optional(),
})
