import { z } from 'zod'
import { MOST_GPUS, normalName } from '../../db/units/gpu.ts'
import { JOB_STATUSES } from '../../db/units/job-statuses.ts'
import { GpuTypeChange, GpuTypeName, ProviderName } from '../costs/pool-input.ts'
import { IdText, InstantText, LineText, SeenVersion, SourceName } from '../input-fields.ts'

/** A status in any case. */
export const JobStatusText = z
  .string()
  .describe(`One of ${JOB_STATUSES.join(', ')}, in any case`)
  .meta({ examples: ['completed'] })
  .transform(normalName)
  .pipe(z.enum(JOB_STATUSES))

/** What may be written of a job, new or changed, under the names of the documents. */
export const JobFields = {
  jobId: LineText(200).min(1, 'a job id is needed').describe('The id that its source gave it'),
  teamId: IdText('team').optional().describe('Whose it is; or team_name'),
  teamName: LineText(200).optional().describe('Whose it is, by name; or team_id'),
  userName: LineText(200).nullish().describe('Who ran it; rules may give it to a team by it'),
  jobName: LineText(200).nullish().describe('What they called it; rules may give it to a team by it'),
  modelName: LineText(200).nullish(),
  gpuCount: z
    .number()
    .min(0)
    .max(MOST_GPUS)
    .multipleOf(0.001, 'parts of a GPU are thousandths')
    .optional()
    .describe('GPUs that it holds; a quarter of one is 0.25'),
  startTime: InstantText.nullish().describe('Null: has not started'),
  endTime: InstantText.nullish().describe('Null: has not ended, as is true of a running job'),
  status: JobStatusText.optional(),
  source: SourceName.optional(),
}

/** A new job. */
export const NewJob = z
  .object({ ...JobFields, provider: ProviderName, gpuType: GpuTypeName })
  .refine(({ teamId, teamName }) => teamId !== undefined || teamName !== undefined, {
    path: ['teamId'],
    message: 'a team is needed: team_id or team_name',
  })

/** What is absent stays; a null time is none, a null model is ''. */
export const JobChange = z.object({
  ...JobFields,
  id: IdText('job'),
  version: SeenVersion,
  jobId: JobFields.jobId.optional(),
  provider: ProviderName.optional(),
  gpuType: GpuTypeChange.optional(),
})
