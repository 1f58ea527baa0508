import { fromNative, HranaError, protocolError } from './hrana-error.ts'
import type { BatchCond, BatchStep, StreamRequest } from './requests.ts'
import type { Stream } from './stream.ts'

/**
 * Runs the requests of one HTTP request in order on `stream` and answers with their results as JSON texts. A failed
 * statement is a result of its own and does not stop the next one; `close` closes the stream.
 * Throws HranaError with a status when the protocol is broken or the stream is gone.
 */
export async function runPipeline(stream: Stream, requests: readonly StreamRequest[]): Promise<string[]> {
  const results: string[] = []
  for (const request of requests) {
    if (stream.isClosed) throw protocolError('Stream for this baton was closed')
    try {
      results.push(`{"type":"ok","response":{"type":"${request.type}"${await respond(stream, request)}}}`)
    } catch (error) {
      results.push(`{"type":"error","error":${statementError(error)}}`)
    }
  }
  return results
}

/** The fields of the response after its type. */
async function respond(stream: Stream, request: StreamRequest): Promise<string> {
  switch (request.type) {
    case 'execute':
      return `,"result":${await stream.execute(request.stmt)}`
    case 'batch':
      return `,"result":${await runBatch(stream, request.steps)}`
    case 'describe':
      return `,"result":${stream.describe(request.ref)}`
    case 'get_autocommit':
      return `,"is_autocommit":${stream.isAutocommit}`
    case 'sequence':
      await stream.sequence(request.ref)
      return ''
    case 'store_sql':
      stream.storeSql(request.sqlId, request.sql)
      return ''
    case 'close_sql':
      stream.closeSql(request.sqlId)
      return ''
    case 'close':
      stream.close()
      return ''
  }
}

async function runBatch(stream: Stream, steps: readonly BatchStep[]): Promise<string> {
  // As in sqld, no step runs when one of them is not a statement at all.
  const ahead = stream.ahead(steps.map(({ stmt }) => stmt))
  const results: (string | null)[] = []
  const errors: (string | null)[] = []
  const holds = (cond: BatchCond): boolean => {
    if (cond.type === 'ok') return typeof results[cond.step] === 'string'
    if (cond.type === 'error') return typeof errors[cond.step] === 'string'
    if (cond.type === 'not') return !holds(cond.cond)
    if (cond.type === 'and') return cond.conds.every(holds)
    if (cond.type === 'or') return cond.conds.some(holds)
    return stream.isAutocommit
  }
  for (const [i, { condition, stmt }] of steps.entries()) {
    results[i] = errors[i] = null
    if (condition !== null && !holds(condition)) continue
    try {
      results[i] = await stream.execute(stmt, ahead)
    } catch (error) {
      errors[i] = statementError(error)
    }
  }
  const [resultList, errorList] = [results, errors].map((list) => list.map((text) => text ?? 'null').join(','))
  return `{"step_results":[${resultList}],"step_errors":[${errorList}],"replication_index":null}`
}

/** Throws what concerns the whole request. */
function statementError(error: unknown): string {
  const { code, message, status } = error instanceof HranaError ? error : fromNative(error, null)
  if (status !== null) throw error
  return JSON.stringify({ message, code })
}
