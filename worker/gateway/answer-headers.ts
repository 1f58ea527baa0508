import { type NanoUsd, usdText } from '../../db/units/money.ts'
import type { Call } from './call.ts'
import type { Admitted, CallRecord, RateStanding } from './meter/messages.ts'
import { OpenAiError } from './openai-error.ts'

/** Why the meter let a call not through, as OpenAI says it. */
export function refusalOf(admitted: Exclude<Admitted, { is: 'admitted' }>): OpenAiError {
  if (admitted.is === 'limited') {
    const { standing, by } = admitted
    const headers = { 'retry-after': String(Math.ceil(standing.resetMs / 1000)), ...standingHeaders(by, standing) }
    const message = `Rate limit reached: ${standing.limit} ${by} a minute. Try again in ${Math.ceil(standing.resetMs / 1000)} s.`
    return new OpenAiError(429, 'rate_limit_exceeded', message, { type: by, headers })
  }
  if (admitted.is === 'over budget') {
    const { budget, isHeld, resetAtMs } = admitted
    const message = isHeld
      ? `What is left of ${budget} is held by calls that are under way: try again.`
      : `${overWords(admitted)}. It begins again on ${instantWords(resetAtMs)}.`
    // OpenAI's own clients try a 429 again unless they are told that it will not help.
    const headers: Record<string, string> = isHeld ? {} : { 'x-should-retry': 'false' }
    return new OpenAiError(429, 'insufficient_quota', message, { type: 'insufficient_quota', headers })
  }
  if (admitted.is === 'unserved')
    return new OpenAiError(
      503,
      admitted.isFull ? 'backend_full' : 'backend_unavailable',
      admitted.isFull ? 'All backends of this model are at their limit of calls' : 'No backend of this model is well',
      { headers: { 'retry-after': '5' } },
    )
  return new OpenAiError(503, 'service_unavailable', 'The settings of the gateway are changing: try again')
}

/** That nothing is left of a budget, or too little for a call that may cost more. */
function overWords({ budget, left }: Extract<Admitted, { is: 'over budget' }>): string {
  if (left.nanoUsd === null && left.tokens === null) return `There is no room in ${budget} for this call`
  const nanoUsd = left.nanoUsd === null ? null : (BigInt(left.nanoUsd) as NanoUsd)
  if ((nanoUsd ?? 0n) <= 0n && (left.tokens ?? 0) <= 0) return `You exceeded ${budget}`
  if (nanoUsd !== null) return `Of ${budget}, $${usdText(nanoUsd)} is left, and this call could cost more`
  const tokens = left.tokens ?? 0
  const some = tokens === 1 ? '1 token is' : `${tokens.toLocaleString('en-US')} tokens are`
  return `Of ${budget}, ${some} left, and this call could use more`
}

const WHEN = new Intl.DateTimeFormat('en-US', {
  dateStyle: 'long',
  timeStyle: 'short',
  hourCycle: 'h23',
  timeZone: 'UTC',
})

/** "December 1, 2026 at 00:00 UTC" */
function instantWords(atMs: number): string {
  return `${WHEN.format(atMs)} UTC`
}

/** What is left of the key's limits; soft budgets that are used up; how much less output a budget that is nearly spent asks for. */
export function limitHeaders(admitted: Admitted & { is: 'admitted' }): Record<string, string> {
  const { requests, tokens, outputCap, warnings } = admitted
  return {
    ...(warnings.length > 0 ? { 'x-heliox-budget-warning': headerText(`Used up: ${warnings.join('; ')}`) } : {}),
    ...(outputCap === null ? {} : { 'x-heliox-output-cap': String(Math.max(1, Math.floor(outputCap))) }),
    ...(requests ? standingHeaders('requests', requests) : {}),
    ...(tokens ? standingHeaders('tokens', tokens) : {}),
  }
}

function standingHeaders(
  of: 'requests' | 'tokens',
  { limit, remaining, resetMs }: RateStanding,
): Record<string, string> {
  return {
    [`x-ratelimit-limit-${of}`]: String(limit),
    [`x-ratelimit-remaining-${of}`]: String(remaining),
    [`x-ratelimit-reset-${of}`]: `${Math.ceil(resetMs / 1000)}s`,
  }
}

/** The same refusal with further headers. */
export function withHeaders(error: OpenAiError, headers: Record<string, string>): OpenAiError {
  const { status, code, message, type, param } = error
  return new OpenAiError(status, code, message, { type, param, headers: { ...headers, ...error.headers } })
}

/** What stands beside every answer unless its team turned it off. */
export function helioxHeaders(
  { snapshot, caller }: Call,
  record: Pick<CallRecord, 'backend' | 'cache' | 'costNanoUsd'> & { isStream?: boolean },
): Record<string, string> {
  if (!snapshot.rulesOf(caller.teamId).saysCost) return {}
  const { backend, cache, costNanoUsd } = record
  const cost =
    costNanoUsd === null || record.isStream ? {} : { 'x-heliox-cost-usd': usdText(BigInt(costNanoUsd) as NanoUsd) }
  return { 'x-heliox-backend': headerText(backend), 'x-heliox-cache': cache, ...cost }
}

/** The same of a stream, whose cost is known only at its end: a comment of SSE; null where the team turned it off, or nobody knows the cost. */
export function costComment(
  { snapshot, caller }: Call,
  { costNanoUsd }: Pick<CallRecord, 'costNanoUsd'>,
): string | null {
  if (costNanoUsd === null || !snapshot.rulesOf(caller.teamId).saysCost) return null
  return `: x-heliox-cost-usd ${usdText(BigInt(costNanoUsd) as NanoUsd)}\n\n`
}

/** What the call cost stands before the last event, after which clients hang up. They ignore comments (HTML standard). */
export function withComment(text: string, comment: string | null): string {
  if (!comment) return text
  let at = 0
  for (const match of text.trimEnd().matchAll(/\r?\n\r?\n/g)) at = match.index + match[0].length
  return text.slice(0, at) + comment + text.slice(at)
}

/** A header holds neither line breaks nor letters beyond Latin. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}
