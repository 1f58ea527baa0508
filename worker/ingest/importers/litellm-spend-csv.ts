import { columnsNamed, csvRows } from './csv-rows.ts'
import type { TextImporter } from './importer.ts'
import { faithfulObject } from './json-items.ts'
import { litellmRow } from './litellm-row.ts'

const NEEDED = ['request_id', 'startTime', 'spend', 'prompt_tokens', 'completion_tokens'] as const
const EXPECTED = `a dump of LiteLLM_SpendLogs: a CSV with the columns ${NEEDED.join(', ')}, …`

/** LiteLLM_SpendLogs as Postgres writes it: `\\copy (select * from "LiteLLM_SpendLogs") to file.csv csv header`. */
export const litellmSpendCsv: TextImporter = {
  id: 'litellm-spend-csv',
  label: 'LiteLLM spend logs as CSV',
  kind: 'tokens',
  accept: '.csv,.gz',
  defaultSource: 'litellm',
  isBill: false,
  recognises: (head) => columnsNamed(head, NEEDED),
  open: (options) =>
    csvRows(
      EXPECTED,
      NEEDED.map((name) => name.toLowerCase()),
      (line, field) => {
        const get = (name: string) => {
          const text = field(name.toLowerCase()).trim()
          return text === 'NULL' || text === 'null' || text === '\\N' ? '' : text
        }
        return litellmRow(line, get, faithfulObject(get('metadata')) ?? {}, options)
      },
    ),
}
