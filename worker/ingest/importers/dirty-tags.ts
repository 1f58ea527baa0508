import { tagsText } from './charge.ts'

/**
 * Tags as exports in the wild write them, as `tagsText` keeps them: a JSON object, a list of `{"key": …, "value": …}`
 * (Google's labels), or what Python prints for a dictionary (`{'team': 'ml', 'spot': True}`).
 */
export function dirtyTags(text: string): string {
  const trimmed = text.trim()
  const found = trimmed.startsWith('[') ? fromList(trimmed) : trimmed.startsWith('{') ? fromPython(trimmed) : null
  return tagsText(found ?? text)
}

function fromList(text: string): Record<string, unknown> | null {
  const list = jsonIn(text) ?? jsonIn(jsonOfPython(text) ?? '')
  if (!Array.isArray(list)) return null
  const tags: [string, unknown][] = []
  for (const item of list) {
    const { key, Key, name, value, Value } = (item ?? {}) as Record<string, unknown>
    const named = key ?? Key ?? name
    if (typeof named !== 'string') return null
    tags.push([named, value ?? Value ?? true])
  }
  return Object.fromEntries(tags)
}

function fromPython(text: string): Record<string, unknown> | null {
  if (jsonIn(text) !== null) return null // as it is
  const tags = jsonIn(jsonOfPython(text) ?? '')
  return tags !== null && typeof tags === 'object' && !Array.isArray(tags) ? (tags as Record<string, unknown>) : null
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const WORDS: Record<string, string> = { None: 'null', True: 'true', False: 'false' }

/** A Python literal as JSON; null: a string in it is not closed. */
function jsonOfPython(text: string): string | null {
  const parts: string[] = []
  for (let at = 0; at < text.length; ) {
    const quote = text[at]
    if (quote === "'" || quote === '"') {
      let inside = ''
      let end = at + 1
      for (; end < text.length && text[end] !== quote; end += 1) {
        if (text[end] === '\\') end += 1
        inside += text[end] ?? ''
      }
      if (end >= text.length) return null
      parts.push(JSON.stringify(inside))
      at = end + 1
    } else {
      let end = at
      while (end < text.length && text[end] !== "'" && text[end] !== '"') end += 1
      parts.push(text.slice(at, end).replace(/None|True|False/g, (word) => WORDS[word] ?? word))
      at = end
    }
  }
  return parts.join('')
}
