import { z } from 'zod'
import { MOST_GPUS } from '../../db/units/gpu.ts'
import { GpuTypeName, ProviderName } from '../costs/pool-input.ts'
import { IdText, InstantText, LineText, SeenVersion } from '../input-fields.ts'
import { RESERVED, RESERVED_WORDS } from '../reserved-names.ts'

const Fields = {
  model: LineText(200)
    .min(1, 'a model is needed')
    .refine((name) => !RESERVED.test(name), RESERVED_WORDS)
    .describe('As clients ask the gateway for it')
    .meta({ examples: ['llama-3.1-70b'] }),
  provider: ProviderName,
  gpuType: GpuTypeName,
  gpuCount: z.number().int().min(1).max(MOST_GPUS),
  startsAt: InstantText.describe('From when it holds its GPUs'),
  endsAt: InstantText.nullish().describe('Null: it serves until somebody ends it'),
}

export const NewDeployment = z.object({ ...Fields, gpuCount: Fields.gpuCount.default(1) })

/** What is absent stays; a null end is none. */
export const DeploymentChange = z
  .object(Fields)
  .partial()
  .extend({ id: IdText('dep'), version: SeenVersion })

export const DeploymentRemoval = z.object({ id: IdText('dep'), version: SeenVersion })
