import { anthropicCostsJson } from './anthropic-costs-json.ts'
import { anthropicUsageJson } from './anthropic-usage-json.ts'
import { awsCurCsv } from './aws-cur-csv.ts'
import { azureCostCsv } from './azure-cost-csv.ts'
import { costCsv } from './cost-csv.ts'
import { costJson } from './cost-json.ts'
import { focusCsv } from './focus-csv.ts'
import { gcpBillingCsv } from './gcp-billing-csv.ts'
import { gcpBillingNdjson } from './gcp-billing-ndjson.ts'
import { jobsCsv } from './jobs-csv.ts'
import { jobsJson } from './jobs-json.ts'
import { litellmSpendCsv } from './litellm-spend-csv.ts'
import { litellmSpendJson } from './litellm-spend-json.ts'
import { ociCostCsv } from './oci-cost-csv.ts'
import { openaiCostsJson } from './openai-costs-json.ts'
import { openaiUsageJson } from './openai-usage-json.ts'
import { opencostJson } from './opencost-json.ts'
import { requestsCsv } from './requests-csv.ts'
import type { Sample } from './sample.ts'
import { slurmSacct } from './slurm-sacct.ts'
import { usageCsv } from './usage-csv.ts'

/** The sample of each importer; the suite holds every one to the same rules. */
export const SAMPLES: Record<string, Sample> = {
  'aws-cur-csv': awsCurCsv,
  'azure-cost-csv': azureCostCsv,
  'cost-csv': costCsv,
  'cost-json': costJson,
  'focus-csv': focusCsv,
  'gcp-billing-csv': gcpBillingCsv,
  'gcp-billing-ndjson': gcpBillingNdjson,
  'jobs-csv': jobsCsv,
  'jobs-json': jobsJson,
  'oci-cost-csv': ociCostCsv,
  'opencost-json': opencostJson,
  'slurm-sacct': slurmSacct,
  'usage-csv': usageCsv,
  'openai-usage-json': openaiUsageJson,
  'openai-costs-json': openaiCostsJson,
  'anthropic-usage-json': anthropicUsageJson,
  'anthropic-costs-json': anthropicCostsJson,
  'litellm-spend-json': litellmSpendJson,
  'litellm-spend-csv': litellmSpendCsv,
  'requests-csv': requestsCsv,
}
