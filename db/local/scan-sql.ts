/** One statement of a SQL text, as far as it can be told without a grammar. */
export type ScannedStatement = {
  /** The statement without the text around it and without its closing semicolon. */
  readonly sql: string
  /** Its first tokens, at most 12: words in upper case, names in quotes as written, everything else one by one. */
  readonly head: readonly string[]
  /** What it does: the first word, or for WITH the word after the common table expressions. */
  readonly verb: string
  /** SQLite's parameters in order: `:a`, `@a`, `$a`, `?3` with their sign, null for a plain `?` or a gap. */
  readonly params: readonly (string | null)[]
}

const HEAD_TOKENS = 12
const TOKEN =
  /[ \t\n\f\r]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\?\d*|[:@$#][\w$\u0080-\uffff]+(?:::[\w$\u0080-\uffff]+)*(?:\([^)\s]*\))?|\d[\w.]*|[\s\S]/y
const MAIN_VERB = new Set(['SELECT', 'VALUES', 'INSERT', 'UPDATE', 'DELETE'])

/**
 * Cuts a SQL text into its statements, empty ones left out. A trigger's body is part of its statement, by the rule of
 * sqlite3_complete(): it ends at `; END ;`. A text SQLite cannot read is cut somehow, and fails when prepared.
 */
export function scanSql(text: string): ScannedStatement[] {
  const statements: ScannedStatement[] = []
  let draft = new Draft()
  TOKEN.lastIndex = 0
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(text)?.[0] ?? ''
    const first = token.charCodeAt(0)
    const isBlank = first === 32 || (first >= 9 && first <= 13 && first !== 11)
    if (isBlank || (token.length > 1 && (token.startsWith('--') || token.startsWith('/*')))) continue
    if (token === ';' && draft.mayEndHere) {
      if (draft.start >= 0) statements.push(draft.finish(text))
      draft = new Draft()
    } else {
      draft.add(token, at)
    }
  }
  if (draft.start >= 0) statements.push(draft.finish(text))
  return statements
}

class Draft {
  start = -1
  #end = 0
  #head: string[] = []
  #params: (string | null)[] = []
  #depth = 0
  #mainVerb: string | null = null
  #last = ''
  #beforeLast = ''

  get mayEndHere(): boolean {
    const [create, second, third] = this.#head
    const object = second === 'TEMP' || second === 'TEMPORARY' ? third : second
    const isTrigger = create === 'CREATE' && object === 'TRIGGER'
    return !isTrigger || (this.#last === 'END' && this.#beforeLast === ';')
  }

  add(token: string, at: number): void {
    const isWord = /^[A-Za-z_]/.test(token)
    const word = isWord ? token.toUpperCase() : token
    if (this.start < 0) this.start = at
    if (this.#head.length < HEAD_TOKENS) this.#head.push(word)
    if (token === '(') this.#depth++
    else if (token === ')') this.#depth--
    else if (isWord && this.#depth === 0) this.#noteVerb(word)
    else if (token[0] === '?' || (token.length > 1 && /^[:@$#]/.test(token))) this.#noteParam(token)
    this.#beforeLast = this.#last
    this.#last = word
    this.#end = at + token.length
  }

  finish(text: string): ScannedStatement {
    const verb = this.#head[0] === 'WITH' ? (this.#mainVerb ?? 'WITH') : (this.#head[0] ?? '')
    return { sql: text.slice(this.start, this.#end), head: this.#head, verb, params: this.#params }
  }

  /** REPLACE may also be the name of a table expression, so it counts only as REPLACE INTO. */
  #noteVerb(word: string): void {
    if (this.#mainVerb !== null) return
    if (MAIN_VERB.has(word)) this.#mainVerb = word
    else if (word === 'INTO' && this.#last === 'REPLACE') this.#mainVerb = 'REPLACE'
  }

  /** Numbers as SQLite does: `?` is one more than the largest so far, `?3` is 3, a name keeps its first number. */
  #noteParam(token: string): void {
    const params = this.#params
    if (token === '?') params.push(null)
    else if (token[0] !== '?') {
      if (!params.includes(token)) params.push(token)
    } else {
      const number = Number(token.slice(1))
      if (number < 1 || number > 32_766) return
      while (params.length < number) params.push(null)
      params[number - 1] ??= token
    }
  }
}
