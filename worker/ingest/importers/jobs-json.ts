import { readUsd, toNanoUsd } from '../../../db/units/money.ts'
import { quoted, type Row, refuse, type TextImporter } from './importer.ts'
import { readJobRow } from './job-row.ts'
import { exactObject, type JsonItem, JsonItems, plainObject, rowsOfItems } from './json-items.ts'

const EXPECTED = 'expected JSON such as {"teams": […], "jobs": [{"job_id", "team_name", "provider", "gpu_type", …}, …]}'

/** Sixteen digits may be an id beyond 2^53. */
const LONG_NUMBER = /\d{16}/

/** The documented shape: an object with the lists `teams` (optional) and `jobs` (or the bare list of jobs). */
export const jobsJson: TextImporter = {
  id: 'jobs-json',
  label: 'Jobs as JSON: {"teams": […], "jobs": […]}',
  kind: 'jobs',
  accept: '.json,.gz',
  defaultSource: '',
  isBill: false,
  recognises: (head) =>
    /^\ufeff?\s*[[{]/.test(head) && /"job_id"\s*:|"teams"\s*:/.test(head) ? 'its rows have job_id' : null,
  open: () => {
    const json = new JsonItems(EXPECTED, ['jobs', 'teams'])
    const rows = (items: JsonItem[]) => rowsOfItems(items, rowOf)
    return { push: (text) => rows(json.push(text)), end: () => rows(json.end()), frame: () => FRAME }
  },
}

const FRAME = { before: '{"jobs": [\n', between: ',\n', after: '\n]}\n' }

function rowOf({ list, line, text }: JsonItem): Row[] {
  if (list === 'teams') return [teamOf(line, text)]
  if (list !== 'jobs' && list !== '') return []
  const row = LONG_NUMBER.test(text) ? exactObject(text) : plainObject(text)
  return [row ? readJobRow(line, row) : refuse(line, null, 'not_an_object', 'expected an object that describes a job')]
}

function teamOf(line: number, text: string): Row {
  const row = exactObject(text)
  const name = typeof row?.name === 'string' ? row.name.trim() : ''
  if (!row || name === '' || name.length > 200)
    return refuse(line, 'name', 'missing', 'a team needs a name of 1 to 200 characters')
  const budget = row.budget_usd
  const amount = typeof budget === 'string' ? readUsd(budget) : null
  if (budget !== undefined && budget !== null && (!amount || amount.digits < 0n))
    return refuse(line, 'budget_usd', 'bad_amount', `expected a budget in dollars, found ${quoted(budget)}`)
  const description = typeof row.description === 'string' ? row.description.slice(0, 2000) : ''
  return { kind: 'team', line, name, description, budgetNanoUsd: amount ? toNanoUsd(amount) : null }
}
