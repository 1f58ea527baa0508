import type { CostGrade, TokenStatus } from '../../../db/schema/tokens.ts'
import { normalName } from '../../../db/units/gpu.ts'
import { type ExactUsd, readUsd } from '../../../db/units/money.ts'
import { EARLIEST_MS, type EpochMs, LATEST_MS, parseInstant } from '../../../db/units/time.ts'
import { type SaidTokens, type TokenDialect, tokensIn } from '../../../db/units/tokens.ts'
import type { Cell } from './charge.ts'
import { quoted, type Refused, refuse, type TokenDraft } from './importer.ts'

/** What a row says about a call or a bucket of calls, as the file writes it; '' and absent: it does not say. */
export type SaidCall = {
  recordId: Cell
  start: Cell
  end?: Cell
  provider: string
  model: Cell
  project: Cell
  userName: Cell
  keyName: Cell
  status: TokenStatus
  requestCount: number
  /** How the counts overlap, see `tokensIn`. */
  dialect: TokenDialect
  counts: { readonly [Name in keyof SaidTokens]?: Cell }
  /** Null: unpriced. */
  cost: ExactUsd | null
  costGrade: CostGrade
  /** What the file calls the cost; absent: it has none. */
  costColumn?: string
  latencyMs?: number | null
  timeToFirstTokenMs?: number | null
}

const NAMES = ['model', 'project', 'userName', 'keyName'] as const
const COUNTS = ['input', 'cached', 'cacheWrite', 'longCacheWrite', 'output', 'reasoning'] as const
const LONGEST_NAME = 300
/** Ids of some gateways carry a whole address in base64. */
const LONGEST_ID = 1000
/** Ten trillion tokens: more than anybody's day, and small enough that sums of them fit 64 bits. */
const MOST_TOKENS = 10_000_000_000_000

/** The draft of a call, its token buckets made disjoint, or why it cannot be one. A refusal keeps the amount. */
export function tokenDraft(line: number, said: SaidCall): TokenDraft | Refused {
  const bad = (column: string, code: string, message: string) => badCall(line, said.cost, column, code, message)
  const [idColumn, recordId] = said.recordId
  if (recordId === '' || recordId.length > LONGEST_ID)
    return bad(idColumn, 'missing', `an id of 1 to ${LONGEST_ID} characters is needed`)
  for (const name of NAMES)
    if (said[name][1].length > LONGEST_NAME)
      return bad(said[name][0], 'too_long', `has more than ${LONGEST_NAME} characters`)
  const provider = normalName(said.provider)
  if (provider.length > LONGEST_NAME) return bad('provider', 'too_long', `has more than ${LONGEST_NAME} characters`)
  const startedAtMs = readCallTime(said.start[1])
  if (startedAtMs === null)
    return bad(
      said.start[0],
      'bad_time',
      `expected a time such as 2026-01-31T10:00:00Z, found ${quoted(said.start[1])}`,
    )
  if (said.cost !== null && said.cost.digits < 0n)
    return bad(said.costColumn ?? 'cost', 'negative', 'a call cannot cost less than nothing')
  const endedAtMs = said.end && said.end[1] !== '' ? readCallTime(said.end[1]) : null
  if (said.end && said.end[1] !== '' && endedAtMs === null)
    return bad(said.end[0], 'bad_time', `expected a time such as 2026-01-31T10:00:00Z, found ${quoted(said.end[1])}`)
  if (endedAtMs !== null && endedAtMs < startedAtMs)
    return bad(said.end?.[0] ?? '', 'end_before_start', 'the end is before the start')
  const counts: SaidTokens = {}
  for (const name of COUNTS) {
    const cell = said.counts[name]
    if (cell === undefined || cell[1] === '') continue
    const count = readCount(cell[1])
    if (count === undefined) return bad(cell[0], 'bad_tokens', `expected a count of tokens, found ${quoted(cell[1])}`)
    counts[name] = count
  }
  const tokens = tokensIn(said.dialect, counts)
  if (!tokens) {
    const part = (counts.reasoning ?? 0) > (counts.output ?? Number.POSITIVE_INFINITY) ? 'reasoning' : 'cached'
    const column = said.counts[part]?.[0] ?? said.counts.cacheWrite?.[0] ?? part
    return bad(column, 'bad_tokens', 'a part of the tokens is larger than the count that holds it')
  }
  const { cacheWriteTokens, longCacheWriteTokens, ...buckets } = tokens
  const hasWrites = cacheWriteTokens !== null || longCacheWriteTokens !== null
  return {
    ...{ kind: 'tokens', line, recordId, startedAtMs, endedAtMs, provider, model: said.model[1] },
    ...{ project: said.project[1], userName: said.userName[1], keyName: said.keyName[1] },
    ...{ status: said.status, requestCount: said.requestCount, ...buckets },
    cacheWriteTokens: hasWrites ? (cacheWriteTokens ?? 0) + (longCacheWriteTokens ?? 0) : null,
    ...{ cost: said.cost, costGrade: said.costGrade },
    ...{ latencyMs: said.latencyMs ?? null, timeToFirstTokenMs: said.timeToFirstTokenMs ?? null },
  }
}

/** A refusal that keeps what the call cost. */
export function badCall(line: number, cost: ExactUsd | null, column: string, code: string, message: string): Refused {
  return { ...refuse(line, column, code, message), billed: cost, effective: cost }
}

/** A count as logs write it: "1200", "63.0". Null for '' and null; undefined for what is no count. */
export function readCount(text: string): number | null | undefined {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === 'null' || trimmed === 'NULL') return null
  const match = /^(\d{1,14})(?:\.0{1,6})?$/.exec(trimmed)
  const count = match ? Number(match[1]) : Number.POSITIVE_INFINITY
  return count <= MOST_TOKENS ? count : undefined
}

/** A time as logs write it: ISO 8601 (without a zone it is UTC), or seconds, milli- or microseconds since 1970. Null: none. */
export function readCallTime(text: string): EpochMs | null {
  const trimmed = text.trim()
  const epoch = /^(\d{9,10})(?:\.(\d{1,9}))?$/.exec(trimmed)
  const fine = epoch ? null : /^(\d{13})(?:\d{3}|\d{6})?$/.exec(trimmed)
  if (!epoch && !fine) return parseInstant(trimmed.replace(/ UTC$/, 'Z'))
  const ms = epoch ? Number(epoch[1]) * 1000 + Number((epoch[2] ?? '').padEnd(3, '0').slice(0, 3)) : Number(fine?.[1])
  return ms >= EARLIEST_MS && ms < LATEST_MS ? (ms as EpochMs) : null
}

/** What a call cost, digit by digit; null for '' and null, undefined for what is no amount. */
export function readCallCost(text: string): ExactUsd | null | undefined {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === 'null' || trimmed === 'NULL') return null
  const cost = readUsd(trimmed.replace(/^\$/, ''))
  return cost ?? undefined
}

/** A time span as whole milliseconds; null for '' and for what is none. `unitMs`: how many one unit has. */
export function readSpanMs(text: string, unitMs: number): number | null {
  const match = /^(\d{1,12})(?:\.(\d{1,20}))?$/.exec(text.trim())
  return match ? Math.round(Number(`${match[1]}.${match[2] ?? 0}`) * unitMs) : null
}

/** The start of a secret or of its hash, to tell keys apart by; a name stays as it is. */
export function keyLabel(text: string): string {
  const isSecret = /^(?:sk|pk|rk|hlx)[-_]/i.test(text) || /^[A-Za-z0-9_-]{32,}$/.test(text)
  return isSecret ? `${text.slice(0, 8)}…` : text
}
