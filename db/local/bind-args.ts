import type { Statement } from './classify-sql.ts'
import { HranaError } from './hrana-error.ts'
import type { Stmt } from './requests.ts'
import type { SqlValue } from './values.ts'

/**
 * One value for each parameter of the statement, by sqld's rules (libsql-server/src/query.rs, read 2026-11-21): a name
 * is found with its sign or without; a named parameter takes no positional argument; an EXPLAIN may lack some.
 * Throws HranaError ARGS_INVALID when one is missing or surplus, ARGS_BOTH_POSITIONAL_AND_NAMED.
 */
export function bindArgs({ params, isExplain }: Statement, { args, namedArgs }: Stmt): readonly SqlValue[] {
  if (args.length > 0 && namedArgs.size > 0) {
    const message = 'Specifying both positional and named arguments is not supported'
    throw new HranaError('ARGS_BOTH_POSITIONAL_AND_NAMED', message)
  }
  const given = Math.max(args.length, namedArgs.size)
  if (given > params.length) throw invalid(`too many parameters, expected ${params.length} found ${given}`)
  if (namedArgs.size === 0 && args.length === params.length && params.every((name) => !isNamed(name))) return args
  return params.map((name, i) => {
    const value = isNamed(name) ? (namedArgs.get(name) ?? namedArgs.get(name.slice(1))) : args[i]
    if (value !== undefined) return value
    if (isNamed(name) && (namedArgs.has(name) || namedArgs.has(name.slice(1)))) return null
    if (isExplain) return null
    throw invalid(`value for parameter ${name ?? i + 1} not found`)
  })
}

function isNamed(name: string | null): name is string {
  return name !== null && name[0] !== '?'
}

function invalid(what: string): HranaError {
  return new HranaError('ARGS_INVALID', `Arguments do not match SQL parameters: ${what}`)
}
