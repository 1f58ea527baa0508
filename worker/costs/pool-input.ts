import { z } from 'zod'
import { normalName } from '../../db/units/gpu.ts'

const LONGEST = 100
// What the document shows stands before the transform: behind it nobody who sends a request would see it.
const Provider = z
  .string()
  .meta({ examples: ['aws'] })
  .transform(normalName)
const GpuType = z
  .string()
  .meta({ examples: ['h100'] })
  .transform(normalName)
const ofLength = z.string().max(LONGEST, `must have at most ${LONGEST} characters`)

/** A provider in something that is written: lower-cased and trimmed, `AWS` is `aws`. */
export const ProviderName = Provider.pipe(ofLength.min(1, 'a provider is needed'))

/** A GPU type in something new, like `ProviderName`. */
export const GpuTypeName = GpuType.pipe(ofLength.min(1, 'a GPU type is needed'))

/** A GPU type in a change: '' is what is not on GPUs, as bills and schedulers have it. */
export const GpuTypeChange = GpuType.pipe(ofLength)
