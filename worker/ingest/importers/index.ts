import { z } from 'zod'
import { HelioxError } from '../../errors.ts'
import { allow } from '../../permissions.ts'
import type { Scope } from '../../scope.ts'
import { anthropicCostsJson } from './anthropic-costs-json.ts'
import { anthropicUsageJson } from './anthropic-usage-json.ts'
import { awsCurCsv } from './aws-cur-csv.ts'
import { awsCurParquet } from './aws-cur-parquet.ts'
import { azureCostCsv } from './azure-cost-csv.ts'
import { costCsv } from './cost-csv.ts'
import { costJson } from './cost-json.ts'
import { focusCsv } from './focus-csv.ts'
import { focusParquet } from './focus-parquet.ts'
import { gcpBillingCsv } from './gcp-billing-csv.ts'
import { gcpBillingNdjson } from './gcp-billing-ndjson.ts'
import { type Importer, quoted, type RangedFile, type RangedImporter, type TextImporter } from './importer.ts'
import { jobsCsv } from './jobs-csv.ts'
import { jobsJson } from './jobs-json.ts'
import { litellmSpendCsv } from './litellm-spend-csv.ts'
import { litellmSpendJson } from './litellm-spend-json.ts'
import { ociCostCsv } from './oci-cost-csv.ts'
import { openaiCostsJson } from './openai-costs-json.ts'
import { openaiUsageJson } from './openai-usage-json.ts'
import { opencostJson } from './opencost-json.ts'
import { requestsCsv } from './requests-csv.ts'
import { slurmSacct } from './slurm-sacct.ts'
import { usageCsv } from './usage-csv.ts'

/** The list of importers, in the order in which `auto` asks them. */
export const IMPORTERS: readonly Importer[] = [
  focusCsv,
  awsCurCsv,
  azureCostCsv,
  gcpBillingCsv,
  gcpBillingNdjson,
  ociCostCsv,
  opencostJson,
  openaiCostsJson,
  anthropicCostsJson,
  openaiUsageJson,
  anthropicUsageJson,
  litellmSpendJson,
  litellmSpendCsv,
  slurmSacct,
  costCsv,
  usageCsv,
  jobsCsv,
  requestsCsv,
  costJson,
  jobsJson,
  focusParquet,
  awsCurParquet,
]

export const ImportFormats = z.array(
  z.object({
    id: z.string().meta({ examples: ['cost-csv'] }),
    label: z.string(),
    kind: z.enum(['costs', 'jobs', 'usage', 'tokens']),
    accept: z.string().describe('Suffixes for a file picker'),
  }),
)
export type ImportFormats = z.output<typeof ImportFormats>

/** What files may look like; `auto` recognises each of them. */
export async function importFormats(scope: Pick<Scope, 'actor'>): Promise<ImportFormats> {
  allow(scope, 'imports:read')
  return IMPORTERS.map(({ id, label, kind, accept }) => ({ id, label, kind, accept }))
}

/** @throws HelioxError invalid `ingest.unknown_format` */
export function importerOf(format: string): Importer {
  const importer = IMPORTERS.find(({ id }) => id === format)
  if (importer) return importer
  const known = IMPORTERS.map(({ id }) => id).join(', ')
  throw new HelioxError('invalid', 'ingest.unknown_format', `There is no format ${format}; there are ${known} and auto`)
}

/**
 * The importer that knows the beginning of a file, and how it was told, as an end of "because …".
 * @throws HelioxError invalid `ingest.unrecognised`
 */
export function recognise(head: string): { importer: TextImporter; why: string } {
  for (const importer of IMPORTERS) {
    const why = 'recognises' in importer ? importer.recognises(head) : null
    if (why !== null && 'open' in importer) return { importer, why }
  }
  throw unrecognised(head)
}

/**
 * The importer that knows a file which is read by ranges, told the same way.
 * @throws HelioxError invalid `ingest.unrecognised`, and `ingest.wrong_format` for one that is damaged
 */
export async function recogniseFile(file: RangedFile): Promise<{ importer: RangedImporter; why: string }> {
  for (const importer of IMPORTERS) {
    if (!('openFile' in importer)) continue
    const why = await importer.recognisesFile(file)
    if (why !== null) return { importer, why }
  }
  throw unrecognised('a Parquet file')
}

/** Says what the file begins with: who sent it sees at once that it is the wrong one. */
function unrecognised(head: string): HelioxError {
  if (/^\ufeff?\s*(\[\s*\]|\{\s*\})\s*$/.test(head))
    return new HelioxError('invalid', 'ingest.no_rows', 'The file holds no rows: it is an empty JSON document')
  const isPage = /^\ufeff?\s*<(!doctype html|html)/i.test(head)
  const what = isPage
    ? 'The file is a web page, not a bill or a list of jobs: is the address behind a sign-in?'
    : `Heliox does not recognise the file, which begins with ${quoted(head.trim())}`
  return new HelioxError(
    'invalid',
    'ingest.unrecognised',
    isPage ? what : `${what}: choose the format that it should be, and the answer says what is missing`,
  )
}
