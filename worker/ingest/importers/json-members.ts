import { wrongFormat } from './importer.ts'

/** One member of a map: its name as JSON text without the quotes, the line it starts on, the value's own text. */
export type JsonMember = { name: string; line: number; text: string }

/** What an open bracket holds; `value` is inside a member, or nothing of ours. */
type Place = 'root' | 'maps' | 'map' | 'value'

const LONGEST_MEMBER = 1_048_576
const [QUOTE, BACKSLASH, NEWLINE, COMMA, COLON] = [0x22, 0x5c, 0x0a, 0x2c, 0x3a]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Takes maps in a list apart as their text arrives, cut anywhere: `{"data": [{"a": {…}, "b": {…}}, null, …]}`, with the
 * map itself for the list, with `{"sets": [{"allocations": {…}}]}` for it, or with nothing around the list. It only finds
 * where members start and end; each is parsed by itself, so that memory holds one member and neither a map nor the file.
 * An object that begins with its own name (`{"name": "a", …}`) where a map is due is a member itself.
 *
 * Throws HelioxError invalid `ingest.wrong_format` where the document is no such JSON, ends early, or one member is longer
 * than a megabyte.
 */
export class JsonMembers {
  private buffer = ''
  private scanned = 0
  private places: Place[] = []
  private inString = false
  private stringStart = -1
  private isKey = false
  private key = ''
  private line = 1
  /** Where a map stands of which no member has been seen; -1: none waits. */
  private mapStart = -1
  private mapLine = 1
  private memberStart = -1
  private memberLine = 1
  /** Brackets open where the member under way ends. */
  private memberDepth = 0
  private memberName = ''
  private started = false
  private hasData = false
  private readonly expected: string

  /** `expected` says in one phrase what the document should have been. */
  constructor(expected: string) {
    this.expected = expected
  }

  push(text: string): JsonMember[] {
    const members: JsonMember[] = []
    this.buffer += !this.started && text.startsWith('\ufeff') ? text.slice(1) : text
    const { buffer } = this
    for (let at = this.scanned; at < buffer.length; at += 1) {
      const code = buffer.charCodeAt(at)
      if (code === NEWLINE) this.line += 1
      if (this.inString) {
        if (code === BACKSLASH) {
          if (at + 1 >= buffer.length) return this.keep(at, members) // the escaped character is still to come
          at += 1
        } else if (code === QUOTE) {
          this.inString = false
          if (this.isKey && this.memberStart < 0) this.key = buffer.slice(this.stringStart + 1, at)
        }
        continue
      }
      if (code <= 0x20) continue
      if (this.started && this.places.length === 0)
        throw wrongFormat(`${this.expected}; there is more text behind the end of it, in line ${this.line}`)
      if (!this.started) this.begin(code)
      else this.step(code, at, members)
      if (code === QUOTE) {
        this.inString = true
        this.stringStart = at
      }
    }
    return this.keep(buffer.length, members)
  }

  end(): JsonMember[] {
    if (!this.started || this.places.length > 0)
      throw wrongFormat(`${this.expected}; the file ends in the middle of it`)
    if (!this.hasData) throw wrongFormat(`${this.expected}; there is no such list in it`)
    return []
  }

  private begin(code: number): void {
    if (code !== OPEN_OBJECT && code !== OPEN_LIST) throw wrongFormat(this.expected)
    this.started = true
    this.places.push(code === OPEN_LIST ? 'maps' : 'root')
    this.hasData = code === OPEN_LIST
    this.isKey = code === OPEN_OBJECT
  }

  private step(code: number, at: number, members: JsonMember[]): void {
    const place = this.places.at(-1) as Place
    const isEnd = code === CLOSE_LIST || code === CLOSE_OBJECT
    if (code === COMMA || isEnd) {
      if (this.memberStart >= 0 && this.places.length === this.memberDepth) this.finish(at, members)
      this.isKey = code === COMMA && (place === 'root' || place === 'map')
      if (isEnd) this.close(code, place)
    } else if (code === COLON) this.isKey = false
    else if (this.isKey || (place === 'value' && code !== OPEN_LIST && code !== OPEN_OBJECT)) return
    else this.value(code, place, at)
  }

  /** A value starts; a scalar of a member comes here with each of its characters, and changes nothing any more. */
  private value(code: number, place: Place, at: number): void {
    const opens = code === OPEN_OBJECT || code === OPEN_LIST
    if (this.memberStart >= 0) {
      if (opens) this.places.push('value')
      return
    }
    const inner = placeOf(place, this.key, code)
    if (inner !== null) {
      this.hasData ||= inner !== 'value'
      this.places.push(inner)
      this.isKey = inner === 'map'
      if (inner === 'map') {
        this.mapStart = at
        this.mapLine = this.line
      }
      return
    }
    if (place === 'root') return
    const isWhole = place === 'map' && this.mapStart >= 0 && this.key === 'name' && code === QUOTE
    this.memberStart = isWhole ? this.mapStart : at
    this.memberLine = isWhole ? this.mapLine : this.line
    this.memberDepth = this.places.length - (isWhole ? 1 : 0)
    this.memberName = place === 'map' && !isWhole ? this.key : ''
    this.mapStart = -1
    if (isWhole) this.places[this.places.length - 1] = 'value'
    if (opens) this.places.push('value')
  }

  private close(code: number, place: Place): void {
    const isList = place === 'maps'
    // What stands between two brackets that do not match would be lost without a word.
    if (place !== 'value' && isList !== (code === CLOSE_LIST))
      throw wrongFormat(`${this.expected}; a bracket is not closed before line ${this.line}`)
    this.places.pop()
    this.mapStart = -1
    this.isKey = false
  }

  private finish(at: number, members: JsonMember[]): void {
    const text = this.buffer.slice(this.memberStart, at).trimEnd()
    if (text.length > LONGEST_MEMBER) throw this.tooLong()
    if (text !== 'null') members.push({ name: this.memberName, line: this.memberLine, text })
    this.memberStart = -1
  }

  /** Forgets what is done with; what an unfinished member, map or key still needs stays. */
  private keep(scanned: number, members: JsonMember[]): JsonMember[] {
    const starts = [this.memberStart, this.mapStart, this.inString ? this.stringStart : -1].filter((at) => at >= 0)
    const needed = Math.min(scanned, ...starts)
    if (scanned - needed > LONGEST_MEMBER) throw this.tooLong()
    this.buffer = this.buffer.slice(needed)
    this.scanned = scanned - needed
    this.stringStart -= needed
    if (this.memberStart >= 0) this.memberStart -= needed
    if (this.mapStart >= 0) this.mapStart -= needed
    return members
  }

  private tooLong(): Error {
    return wrongFormat(`${this.expected}; the item in line ${this.memberLine} is longer than a megabyte`)
  }
}

/** What a bracket opens at a place; null: no bracket, or a member's own. */
function placeOf(place: Place, key: string, code: number): Place | null {
  if (code !== OPEN_OBJECT && code !== OPEN_LIST) return null
  if (place === 'root') return key !== 'data' ? 'value' : code === OPEN_LIST ? 'maps' : 'map'
  if (place === 'maps') return code === OPEN_OBJECT ? 'map' : null
  if (place === 'map' && key === 'allocations' && code === OPEN_OBJECT) return 'map'
  if (place === 'map' && key === 'sets' && code === OPEN_LIST) return 'maps'
  return place === 'value' ? 'value' : null
}
