/** What a file's records are, told without the importers: the line each starts on, its raw text and its fields. */
export type NaiveRecord = { line: number; raw: string; fields: string[] }

/** A way to tell records apart; null: this text cannot be told apart without judging. */
export type Oracle = { name: string; records(text: string): NaiveRecord[] | null }

/**
 * Comma-separated values by a state machine of four states, nothing else: a record ends at a newline outside quotes. Gives up
 * where RFC 4180 does: a quote that stays open, or text behind a closing quote.
 */
const commas: Oracle = {
  name: 'CSV',
  records: (text) => {
    const records: NaiveRecord[] = []
    let [line, start, startLine, state, value] = [1, 0, 1, 'start', '']
    let fields: string[] = []
    for (let at = 0; at <= text.length; at += 1) {
      const character = text[at]
      const isEnd = character === undefined || (character === '\n' && state !== 'quoted')
      if (character === undefined && state === 'quoted') return null
      if (isEnd) {
        const raw = text.slice(start, text[at - 1] === '\r' && at > start ? at - 1 : at)
        const last = state === 'plain' && value.endsWith('\r') ? value.slice(0, -1) : value
        if (raw !== '') records.push({ line: startLine, raw, fields: [...fields, last] })
        ;[fields, value, state, start, startLine] = [[], '', 'start', at + 1, line + 1]
      } else if (state === 'quoted') {
        if (character !== '"') value += character
        else if (text[at + 1] === '"') {
          value += '"'
          at += 1
        } else state = 'closed'
      } else if (character === ',') {
        fields.push(value)
        ;[value, state] = ['', 'start']
      } else if (state === 'closed') {
        if (character !== '\r' || text[at + 1] !== '\n') return null
      } else if (character === '"' && state === 'start') state = 'quoted'
      else {
        value += character
        state = 'plain'
      }
      if (character === '\n') line += 1
      if (character === '\n' && isEnd) startLine = line
    }
    return records
  },
}

const plainLines = (name: string, delimiter: string, isBlank: (raw: string) => boolean): Oracle => ({
  name,
  records: (text) =>
    text
      .split('\n')
      .map((raw, index) => ({ line: index + 1, raw: raw.endsWith('\r') ? raw.slice(0, -1) : raw }))
      .filter(({ raw }) => !isBlank(raw))
      .map((record) => ({ ...record, fields: delimiter === '' ? [record.raw] : record.raw.split(delimiter) })),
})

/** The way in which a sample's records can be told apart; null: it is one JSON document. */
export function oracleFor(sample: string): Oracle | null {
  const first = sample.split('\n', 1)[0] ?? ''
  if (first.startsWith('{') && first.trimEnd().endsWith('}'))
    return plainLines('JSON lines', '', (raw) => raw.trim() === '')
  if (/^\s*[[{]/.test(sample)) return null
  return first.includes('|') ? plainLines('bars', '|', (raw) => raw === '') : commas
}

/** How many objects the lists of a JSON document hold, of those lists that `like` has too; null: it is no JSON. */
export function objectsIn(text: string, like: string): number | null {
  try {
    const whole: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    if (Array.isArray(whole)) return whole.length
    const names = Object.entries(JSON.parse(like) as object).filter(([, value]) => Array.isArray(value))
    return names.reduce((count, [name]) => {
      const list = (whole as Record<string, unknown> | null)?.[name]
      return count + (Array.isArray(list) ? list.length : 0)
    }, 0)
  } catch {
    return null
  }
}
