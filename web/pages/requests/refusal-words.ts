import type { Answers } from '../../api.ts'
import { formatCount } from '../../format/count.ts'

export type Refused = Answers['requests']['refused']
export type Refusal = Refused['refusals'][number]

/** Why calls were refused, after a number of them. */
const REASONS: Readonly<Record<string, string>> = {
  insufficient_quota: 'over budget',
  rate_limit_exceeded: 'rate limited',
  model_not_found: 'for a model that is not served',
  invalid_request: 'that could not be understood',
  backend_full: 'as every backend was full',
  backend_unavailable: 'as no backend was well',
  service_unavailable: 'as the gateway was not ready',
  request_too_large: 'too large',
  unsupported_content_type: 'not sent as JSON',
  permission_denied: 'not permitted',
}

export function reasonOf(code: string): string {
  return REASONS[code] ?? code
}

/** "Refused: 12 over budget, 3 rate limited" */
export function refusedWords({ byCode }: Pick<Refused, 'byCode'>): string {
  return `Refused: ${byCode.map(({ code, callCount }) => `${formatCount(callCount)} ${reasonOf(code)}`).join(', ')}`
}

/** Who asked: the key's name, or a person's e-mail. */
export function askerOf({ keyName, keyId, userName, userId }: Refusal): string {
  return keyName ?? keyId ?? userName ?? userId ?? 'Admin key'
}
