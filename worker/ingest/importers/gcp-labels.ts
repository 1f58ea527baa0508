import { tagsText } from './charge.ts'
import { exactObject } from './json-items.ts'

type Item = Readonly<Record<string, unknown>>

/** Lists of key and value of a row, the later ones over the earlier: a resource's own label is worth more than its project's. */
const LISTS = ['project.labels', 'system_labels', 'tags', 'labels'] as const

/** The tags of a row of the BigQuery export: labels of the project and of the resource, and Google's own. */
export function gcpTags(record: Item): string {
  const tags: Record<string, unknown> = {}
  for (const name of LISTS) {
    const [first = '', second = ''] = name.split('.')
    const project = record[first]
    const nested =
      second !== '' && project !== null && typeof project === 'object' ? (project as Item)[second] : undefined
    const value = second === '' ? record[first] : (nested ?? record[name] ?? record[`${first}_${second}`])
    for (const [key, text] of pairsIn(value)) tags[key] = text
  }
  return tagsText(tags)
}

/** The objects of a list, which a CSV has as JSON text; none for anything else. */
export function listIn(value: unknown): Item[] {
  const list =
    typeof value === 'string' && value.trim().startsWith('[') ? exactObject(`{"list":${value}}`)?.list : value
  if (!Array.isArray(list) || !list.every((item) => item !== null && typeof item === 'object')) return []
  return list as Item[]
}

/** Keys and values: a list of {key, value}, or an object, or either as JSON text. Other text is kept whole. */
function pairsIn(value: unknown): [string, unknown][] {
  if (value === undefined || value === null || value === '') return []
  if (typeof value === 'string') {
    const parsed = exactObject(`{"it":${value}}`)?.it
    return parsed !== null && typeof parsed === 'object' ? pairsIn(parsed) : [['labels', value]]
  }
  if (Array.isArray(value))
    return listIn(value)
      .filter(({ key }) => typeof key === 'string' && key !== '')
      .map(({ key, value: text }) => [String(key), text ?? ''])
  return typeof value === 'object' ? Object.entries(value) : []
}
