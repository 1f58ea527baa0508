import { HelioxError } from '../errors.ts'

/** A refusal as OpenAI words it (platform.openai.com/docs/guides/error-codes): clients look at status and `code`. */
export class OpenAiError extends Error {
  readonly status: number
  readonly type: string
  readonly code: string | null
  readonly param: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string | null,
    message: string,
    more: { type?: string; param?: string | null; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.type = more.type ?? TYPE_BY_STATUS[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error')
    this.param = more.param ?? null
    this.headers = more.headers ?? {}
  }
}

const TYPE_BY_STATUS: Record<number, string> = {
  ...{ 401: 'invalid_request_error', 403: 'permission_error', 404: 'invalid_request_error' },
  429: 'rate_limit_error',
}

export function errorBody({ message, type, code, param }: Pick<OpenAiError, 'message' | 'type' | 'code' | 'param'>) {
  return { error: { message, type, param, code } }
}

/** Heliox's own refusals, such as those of credentials, in OpenAI's words. */
export function openAiErrorOf(error: unknown): OpenAiError {
  if (error instanceof OpenAiError) return error
  if (error instanceof HelioxError) {
    if (error.kind === 'unauthenticated') return new OpenAiError(401, 'invalid_api_key', error.message)
    if (error.kind === 'forbidden') return new OpenAiError(403, 'permission_denied', error.message)
    if (error.kind === 'limit_reached') return new OpenAiError(429, 'rate_limit_exceeded', error.message)
    if (error.kind === 'too_large') return new OpenAiError(413, 'request_too_large', error.message)
    if (error.kind === 'unavailable') return new OpenAiError(503, 'service_unavailable', error.message)
    if (error.kind === 'invalid') return new OpenAiError(400, null, error.message)
  }
  return new OpenAiError(500, 'internal_error', 'Something went wrong inside the gateway')
}
