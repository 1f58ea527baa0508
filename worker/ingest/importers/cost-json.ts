import { readCostRow } from './cost-row.ts'
import { type Row, refuse, type TextImporter } from './importer.ts'
import { exactObject, type JsonItem, JsonItems, rowsOfItems } from './json-items.ts'

const EXPECTED = 'expected JSON such as {"cost_data": [{"date", "provider", "gpu_type", "cost_usd"}, …]}'

/** The documented export: an object with the list `cost_data` (or the bare list). */
export const costJson: TextImporter = {
  id: 'cost-json',
  label: 'Costs as JSON: {"cost_data": […]}',
  kind: 'costs',
  accept: '.json,.gz',
  defaultSource: '',
  isBill: false,
  recognises: (head) => (/^\ufeff?\s*[[{]/.test(head) && /"cost_usd"\s*:/.test(head) ? 'its rows have cost_usd' : null),
  open: () => {
    const json = new JsonItems(EXPECTED, ['cost_data'])
    const rows = (items: JsonItem[]) => rowsOfItems(items, rowOf)
    return { push: (text) => rows(json.push(text)), end: () => rows(json.end()), frame: () => FRAME }
  },
}

const FRAME = { before: '{"cost_data": [\n', between: ',\n', after: '\n]}\n' }

function rowOf({ list, line, text }: JsonItem): Row[] {
  if (list !== 'cost_data' && list !== '') return []
  const row = exactObject(text)
  return [
    row
      ? readCostRow(line, row)
      : refuse(line, null, 'not_an_object', 'expected an object with date, provider, gpu_type, cost_usd'),
  ]
}
