import type { TokenStatus } from '../../../db/schema/tokens.ts'
import { dayOf } from '../../../db/units/time.ts'
import { multiplyExact } from './amounts.ts'
import { quoted, type ReadOptions, type Row } from './importer.ts'
import type { Named, REQUEST_COLUMNS } from './request-columns.ts'
import { badCall, keyLabel, readCallCost, readCallTime, readCount, readSpanMs, tokenDraft } from './token-row.ts'

/** One request of a log; `textId` answers what it is known by where the file gives it no id. */
export function requestOf(
  names: Named,
  line: number,
  fields: string[],
  options: ReadOptions,
  textId: () => string,
): Row {
  const get = (name: keyof typeof REQUEST_COLUMNS) => {
    const index = names.at[name]
    const text = index === undefined ? '' : (fields[index] ?? '').trim()
    return text === 'NULL' || text === 'null' ? '' : text
  }
  const cell = (name: keyof typeof REQUEST_COLUMNS) => [names.shown[name] ?? name, get(name)] as const
  const costColumn = (names.shown.costUsd ?? names.shown.cost ?? 'cost') as string
  const written = readCallCost(get('costUsd') || get('cost'))
  if (written === undefined)
    return badCall(
      line,
      null,
      costColumn,
      'bad_amount',
      `expected an amount such as 0.0125, found ${quoted(get('costUsd') || get('cost'))}`,
    )
  const bad = (column: string, code: string, message: string) => badCall(line, written, column, code, message)
  const status = statusOf(get('status'), get('cancelled'))
  if (!status) return bad(names.shown.status ?? 'status', 'bad_status', `unknown status ${quoted(get('status'))}`)
  const requestCount = get('requests') === '' ? 1 : readCount(get('requests'))
  if (requestCount === undefined || requestCount === null)
    return bad(names.shown.requests ?? '', 'bad_count', 'expected how many requests there were')
  let cost = written
  if (written !== null && get('costUsd') === '') {
    const currency = (get('currency') || options.currency).toUpperCase()
    const day = readCallTime(get('start'))
    if (currency === '')
      return bad(costColumn, 'no_currency', 'the currency is not stated: send the file with &currency=USD')
    const rate = currency === 'USD' || day === null ? null : options.usdPerUnit(currency, dayOf(day))
    if (currency !== 'USD' && day !== null && !rate)
      return bad(
        costColumn,
        'no_rate',
        `there is no dated rate from ${quoted(currency)} to USD: add one, then read these rows again`,
      )
    if (rate) cost = multiplyExact(written, rate)
  }
  const latencyMs = readSpanMs(get('latencyMs'), 1) ?? readSpanMs(get('latencyS'), 1000)
  const [idColumn, id] = cell('id')
  const key = cell('keyName')[1] === '' ? (['key', keyLabel(get('key'))] as const) : cell('keyName')
  return tokenDraft(line, {
    recordId: id === '' ? [idColumn, textId()] : [idColumn, id],
    ...{ start: cell('start'), end: cell('end'), provider: get('provider') || options.provider, model: cell('model') },
    ...{ project: cell('project'), userName: cell('userName'), keyName: key, status, requestCount },
    ...{ dialect: names.dialect, cost, costGrade: cost === null ? 'unpriced' : 'reported', costColumn },
    counts: countsOf(names, cell),
    ...{ latencyMs, timeToFirstTokenMs: readSpanMs(get('firstMs'), 1) ?? readSpanMs(get('firstS'), 1000) },
  })
}

function countsOf(names: Named, cell: (name: keyof typeof REQUEST_COLUMNS) => readonly [string, string]) {
  const { uncachedInput } = names.at
  return {
    input: uncachedInput === undefined ? cell('input') : cell('uncachedInput'),
    ...{ cached: cell('cached'), cacheWrite: cell('cacheWrite'), longCacheWrite: cell('longCacheWrite') },
    ...{ output: cell('output'), reasoning: cell('reasoning') },
  }
}

/** Null: a word that nobody has told us. An HTTP status counts as what it says. */
function statusOf(text: string, cancelled: string): TokenStatus | null {
  if (/^(?:true|t|1|yes)$/i.test(cancelled)) return 'cancelled'
  const word = text.toLowerCase()
  if (
    /^(?:|ok|none|success|succeeded|succeed|successful|completed?|finished|done|true|default|stop|length|2\d\d)$/.test(
      word,
    )
  )
    return 'completed'
  if (/^(?:cancell?ed|aborted|499)$/.test(word)) return 'cancelled'
  return /^(?:fail|failed|failure|error|errored|timeout|timed_out|rejected|false|[45]\d\d)$/.test(word)
    ? 'failed'
    : null
}
