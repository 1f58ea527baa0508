import { rest } from '../rest.ts'
import { textFile } from '../text-file.ts'
import { CostsExported, exportCosts } from './export-costs.ts'
import { exportFocus, FocusExported } from './export-focus.ts'
import { exportJobs, JobsExported } from './export-jobs.ts'

const asCsv = (description: string) => ({ description, answerType: 'text/csv' })
const csv = (lines: AsyncIterable<string>, name: string) => textFile(lines, name, 'text/csv')

export const exportsRoutes = [
  rest(
    'GET',
    '/exports/jobs.csv',
    {
      summary: 'Jobs as a file that can be imported',
      input: JobsExported,
      document: asCsv('The jobs of the teams you see, in the columns of `jobs-csv` and in the order of their ids.'),
    },
    async (scope, asked) => csv(exportJobs(scope, asked), 'jobs.csv'),
  ),
  rest(
    'GET',
    '/exports/costs.csv',
    {
      summary: 'Cost entries as a FOCUS file that can be imported',
      input: CostsExported,
      cached: true,
      document: asCsv('Every entry with its tags, accounts and SKU, in FOCUS 1.4 columns and some `x_Heliox` ones.'),
    },
    async (scope, asked) => csv(exportCosts(scope, asked), 'costs.csv'),
  ),
  rest(
    'GET',
    '/exports/focus.csv',
    {
      summary: 'What each team was charged as a FOCUS file',
      input: FocusExported,
      cached: true,
      document: asCsv(
        'A row per owner, day, provider and GPU type. `EffectiveCost` is what analytics split; `BilledCost` and `ListCost` are split by the same GPU time. All three sum to the bill.',
      ),
    },
    async (scope, asked) => csv(exportFocus(scope, asked), 'focus.csv'),
  ),
]
