import { tagsText } from './charge.ts'
import type { CurCell, CurFile } from './cur-columns.ts'

/** A column that holds one tag: what `get` calls it, and the key as its owners know it. */
export type TagColumn = { column: string; key: string }

/** The tags of a row and its cost categories, from columns of their own and from maps; see `tagsText`. */
export function tagsOf(get: CurCell, file: CurFile): string {
  const tags: Record<string, unknown> = Object.create(null)
  for (const { column, key } of file.tagColumns) {
    const value = get(column)
    if (value !== '') tags[key] = value
  }
  for (const [map, kind] of [
    ['tags', ''],
    ['resource_tags', ''],
    ['cost_category', 'costCategory/'],
  ] as const) {
    const text = get(map)
    if (text !== '' && text !== '{}')
      for (const [key, value] of Object.entries(mapOf(text))) tags[tagKey(kind + key)] = value
  }
  return tagsText(tags)
}

/** A map as exports write it: JSON, or Athena's {a=b, c=d}. Text that is neither is kept whole, under the key "tags". */
export function mapOf(text: string): Record<string, unknown> {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === 'null') return {}
  try {
    const value: unknown = JSON.parse(trimmed)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // not JSON
  }
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}') || !trimmed.includes('=')) return { tags: trimmed }
  const map: Record<string, string> = Object.create(null)
  let last = ''
  for (const piece of trimmed.slice(1, -1).split(', ')) {
    const at = piece.indexOf('=')
    if (at > 0) {
      last = piece.slice(0, at)
      map[last] = piece.slice(at + 1)
    } else map[last] = last in map ? `${map[last]}, ${piece}` : piece // a value with a comma in it
  }
  return map
}

/** `resourceTags/user:team`, `resource_tags_user_team`, `costCategory/Unit`, `cost_category_unit`; maps are none. */
export function tagColumn(column: string): TagColumn[] {
  const match = /^(resource_?tags|account_?tags?|user_?attributes?|cost_?categor(?:y|ies))[/_.](.+)$/i.exec(column)
  return match
    ? [{ column, key: tagKey(`${PREFIXES[(match[1] ?? '').replaceAll('_', '').toLowerCase()] ?? ''}${match[2]}`) }]
    : []
}

/** How the `tags` column of CUR 2.0 tells apart what several kinds of tags may call the same. */
const PREFIXES: Record<string, string> = {
  ...{ accounttag: 'accountTag/', accounttags: 'accountTag/' },
  ...{ userattribute: 'userAttribute/', userattributes: 'userAttribute/' },
  ...{ costcategory: 'costCategory/', costcategories: 'costCategory/' },
}

/**
 * The key of a tag as its owners know it: "resourceTags/user:team", "user:team" and "user_team" are "team". AWS's own
 * keep their "aws:", and what is no tag of a resource its kind: "costCategory/Unit".
 */
function tagKey(key: string): string {
  return key.replace(/^resourceTags\//i, '').replace(/^user[:_](?=.)/, '')
}
