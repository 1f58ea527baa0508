import { protocolError } from './hrana-error.ts'
import { decodeValue, type SqlValue } from './values.ts'

/** SQL by its text or by the number it was stored under. */
export type SqlRef = { readonly sql: string } | { readonly sqlId: number }

/** A statement with its arguments: by number, or by name with or without the sign. Never both. */
export type Stmt = {
  readonly ref: SqlRef
  readonly args: readonly SqlValue[]
  readonly namedArgs: ReadonlyMap<string, SqlValue>
  readonly wantRows: boolean
}

/** When a step of a batch runs; a step number is always below the step's own. */
export type BatchCond =
  | { readonly type: 'ok' | 'error'; readonly step: number }
  | { readonly type: 'not'; readonly cond: BatchCond }
  | { readonly type: 'and' | 'or'; readonly conds: readonly BatchCond[] }
  | { readonly type: 'is_autocommit' }

export type BatchStep = { readonly condition: BatchCond | null; readonly stmt: Stmt }

export type StreamRequest =
  | { readonly type: 'execute'; readonly stmt: Stmt }
  | { readonly type: 'batch'; readonly steps: readonly BatchStep[] }
  | { readonly type: 'sequence' | 'describe'; readonly ref: SqlRef }
  | { readonly type: 'store_sql'; readonly sqlId: number; readonly sql: string }
  | { readonly type: 'close_sql'; readonly sqlId: number }
  | { readonly type: 'get_autocommit' | 'close' }

/** The body of one HTTP request: a new stream without a baton, an open one with it. */
export type Pipeline = { readonly baton: string | null; readonly requests: readonly StreamRequest[] }

const MAX_COND_DEPTH = 32

/**
 * Reads the body of POST /v2/pipeline, all of it before anything runs. Unknown fields are passed over, as sqld does.
 * Large texts are not copied.
 * Throws HranaError PROTOCOL_ERROR, status 400, naming the field, and as decodeValue does.
 */
export function decodePipeline(body: unknown): Pipeline {
  const { baton, requests } = fieldsOf(body, 'The body')
  if (baton !== undefined && baton !== null && typeof baton !== 'string') throw malformed('baton', 'a string')
  return { baton: baton ?? null, requests: listOf(requests, 'requests').map(decodeRequest) }
}

function decodeRequest(wire: unknown): StreamRequest {
  const fields = fieldsOf(wire, 'A request')
  switch (fields.type) {
    case 'execute':
      return { type: 'execute', stmt: decodeStmt(fields.stmt) }
    case 'batch':
      return { type: 'batch', steps: listOf(fieldsOf(fields.batch, 'batch').steps, 'steps').map(decodeStep) }
    case 'sequence':
    case 'describe':
      return { type: fields.type, ref: decodeRef(fields) }
    case 'store_sql':
      if (typeof fields.sql !== 'string') throw malformed('sql', 'a string')
      return { type: 'store_sql', sqlId: int32Of(fields.sql_id, 'sql_id'), sql: fields.sql }
    case 'close_sql':
      return { type: 'close_sql', sqlId: int32Of(fields.sql_id, 'sql_id') }
    case 'get_autocommit':
    case 'close':
      return { type: fields.type }
    default:
      throw protocolError('StreamRequest type not recognized')
  }
}

function decodeStmt(wire: unknown): Stmt {
  const fields = fieldsOf(wire, 'stmt')
  const wantRows = fields.want_rows ?? true
  if (typeof wantRows !== 'boolean') throw malformed('want_rows', 'a boolean')
  const namedArgs = new Map<string, SqlValue>()
  for (const arg of listOf(fields.named_args ?? [], 'named_args')) {
    const { name, value } = fieldsOf(arg, 'A named argument')
    if (typeof name !== 'string') throw malformed('name', 'a string')
    namedArgs.set(name, decodeValue(value))
  }
  return { ref: decodeRef(fields), args: listOf(fields.args ?? [], 'args').map(decodeValue), namedArgs, wantRows }
}

function decodeStep(wire: unknown, step: number): BatchStep {
  const { condition, stmt } = fieldsOf(wire, 'A step')
  const isPlain = condition === undefined || condition === null
  return { condition: isPlain ? null : decodeCond(condition, step, 0), stmt: decodeStmt(stmt) }
}

function decodeCond(wire: unknown, step: number, depth: number): BatchCond {
  if (depth > MAX_COND_DEPTH) throw protocolError(`Batch conditions nest at most ${MAX_COND_DEPTH} deep`)
  const fields = fieldsOf(wire, 'A batch condition')
  switch (fields.type) {
    case 'ok':
    case 'error': {
      const earlier = int32Of(fields.step, 'step')
      if (earlier < 0 || earlier >= step) throw protocolError('Invalid reference to step in a batch condition')
      return { type: fields.type, step: earlier }
    }
    case 'not':
      return { type: 'not', cond: decodeCond(fields.cond, step, depth + 1) }
    case 'and':
    case 'or': {
      const conds = listOf(fields.conds, 'conds').map((cond) => decodeCond(cond, step, depth + 1))
      return { type: fields.type, conds }
    }
    case 'is_autocommit':
      return { type: 'is_autocommit' }
    default:
      throw protocolError('BatchCond type not recognized')
  }
}

function decodeRef({ sql, sql_id: sqlId }: Record<string, unknown>): SqlRef {
  const hasSql = sql !== undefined && sql !== null
  const hasId = sqlId !== undefined && sqlId !== null
  if (hasSql && hasId) throw protocolError('Either `sql` or `sql_id` are required, but not both')
  if (hasId) return { sqlId: int32Of(sqlId, 'sql_id') }
  if (!hasSql) throw protocolError('Either `sql` or `sql_id` are required')
  if (typeof sql !== 'string') throw malformed('sql', 'a string')
  return { sql }
}

function fieldsOf(wire: unknown, what: string): Record<string, unknown> {
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) throw malformed(what, 'an object')
  return wire as Record<string, unknown>
}

function listOf(wire: unknown, what: string): unknown[] {
  if (!Array.isArray(wire)) throw malformed(what, 'an array')
  return wire
}

function int32Of(wire: unknown, what: string): number {
  if (typeof wire !== 'number' || !Number.isInteger(wire) || Math.abs(wire) > 0x7fff_ffff) {
    throw malformed(what, 'a 32-bit integer')
  }
  return wire
}

function malformed(what: string, shape: string) {
  return protocolError(`${what} must be ${shape}`)
}
