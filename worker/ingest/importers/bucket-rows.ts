import { type FileFrame, type Reader, type Row, refuse, wrongFormat } from './importer.ts'
import { type BucketItem, JsonBuckets } from './json-buckets.ts'
import { faithfulObject } from './json-items.ts'

/** A result of a bucket: its own fields, numbers as the text they were written in, and those of the bucket. */
export type BucketResult = { line: number; field: (name: string) => unknown; bucket: (name: string) => string }

type Format = {
  expected: string
  /** The bucket's fields that a result needs. */
  needed: readonly string[]
  /** Whether a result is of this format, or plainly of another; null: it cannot be told. */
  isOurs(field: (name: string) => unknown): boolean | null
  read(result: BucketResult): Row
}

/**
 * A reader of an admin API's pages. A file whose first telling result is of another kind, or that has none of this kind, is
 * refused whole; among ours every result that cannot be read is refused by itself, as a bucket of its own that can be read
 * again.
 */
export function bucketRows({ expected, needed, isOurs, read }: Format): Reader {
  const json = new JsonBuckets(expected, needed)
  let [seen, ours] = [0, 0]
  const rowOf = ({ line, text, bucket }: BucketItem): Row => {
    seen += 1
    const result = faithfulObject(text)
    const field = (name: string) => (result && Object.hasOwn(result, name) ? result[name] : undefined)
    const kind = result ? isOurs(field) : null
    if (kind === false && ours === 0) throw wrongFormat(`${expected}; found other results in line ${line}`)
    if (kind) ours += 1
    const row =
      result && kind !== false
        ? read({ line, field, bucket: (name) => bucket.get(name) ?? '' })
        : result
          ? refuse(line, null, 'other_kind', 'a result of another kind than the ones before it')
          : refuse(line, null, 'not_an_object', 'expected an object that describes usage or a cost')
    return row.kind === 'refused' ? { ...row, record: alone(text, bucket) } : row
  }
  return {
    push: (text) => json.push(text).map(rowOf),
    end: () => {
      const last = json.end().map(rowOf)
      if (seen > 0 && ours === 0) throw wrongFormat(`${expected}; none of its results is one`)
      return last
    },
    frame: (): FileFrame => ({ before: '[', between: ',\n', after: ']' }),
  }
}

/** The result in a bucket of its own. */
function alone(text: string, bucket: ReadonlyMap<string, string>): string {
  const fields = [...bucket].filter(([name]) => name !== 'results' && name !== 'data')
  const said = fields.map(([name, value]) => `"${name}": ${isNumber(value) ? value : `"${value}"`}, `)
  return `{${said.join('')}"results": [${text}]}`
}

function isNumber(text: string): boolean {
  return /^(?:-?\d+(?:\.\d+)?|true|false|null)$/.test(text)
}

/** A field as text: '' for null, for what is absent, and for objects. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : ''
}
