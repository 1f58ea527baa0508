type Fields = Record<string, unknown> | null

export type Change = { field: string; before: unknown; after: unknown }

/** The fields that differ, in the order of what is now; of a thing that is new or gone, all that it has. */
export function changesOf(before: Fields, after: Fields): Change[] {
  const names = new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})])
  return [...names]
    .map((field) => ({ field, before: before?.[field] ?? null, after: after?.[field] ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
}

/** A value for reading: a list by its items, nothing as a dash. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–'
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(valueText).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A field's name in words: "monthly limit usd". */
export function fieldText(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
