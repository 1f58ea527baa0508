import { z } from 'zod'

type Issue = Parameters<NonNullable<ReturnType<typeof z.config>['customError']>>[0]

/** What a value must be, by zod's name of it. */
const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'text',
}

/**
 * What is wrong with a field, in words that go after its name: "limit: must be at most 100". Undefined: zod's own words.
 * Messages that stand in a schema win over these.
 */
export function inputWords(issue: Issue): string | undefined {
  const isMissing = issue.input === undefined
  if (isMissing && ['invalid_type', 'invalid_value', 'invalid_union'].includes(issue.code)) return 'is missing'
  if (issue.code === 'invalid_type') return KINDS[issue.expected] && `must be ${KINDS[issue.expected]}`
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_big') return bound(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)
  if (issue.code !== 'too_small') return
  if (issue.origin === 'string' && issue.inclusive && issue.minimum === 1) return 'must not be empty'
  return bound(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)
}

function bound(origin: string, words: string, limit: number | bigint): string {
  const [verb, things] =
    origin === 'string' ? ['have', ' characters'] : origin === 'array' ? ['have', ' items'] : ['be']
  return `must ${verb} ${words} ${limit}${things ?? ''}`
}

z.config({ customError: inputWords })
