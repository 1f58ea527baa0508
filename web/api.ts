import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../worker/router.ts'

/** The Worker takes no longer batch; more calls of one tick travel as several. */
const MOST_CALLS = 20

/** The Worker's procedures, typed by the Worker. Calls made in one tick travel as one request. */
export const api = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: '/trpc', maxItems: MOST_CALLS })] })

/** What the procedures answer, by room and name: `Answers['analytics']['daily']`. */
export type Answers = inferRouterOutputs<AppRouter>
export type Questions = inferRouterInputs<AppRouter>

/** A failed call in words for the reader. `code` is what support asks for; null where nothing answered. */
export type Failure = { message: string; details: readonly string[]; code: string; requestId: string | null }

const UNREACHABLE = 'Heliox does not answer. Check your connection, then try again.'

/** What to show for anything a call may throw. An error without data never reached the server. */
export function failureOf(error: unknown): Failure {
  if (error instanceof TRPCClientError) {
    const data = (error as TRPCClientError<AppRouter>).data
    if (data) {
      const { details, requestId, errorCode, code } = data
      return { message: error.message, details: details ?? [], code: errorCode ?? code, requestId: requestId ?? null }
    }
  }
  if (error instanceof Refusal) return error.failure
  return { message: UNREACHABLE, details: [], code: 'no_answer', requestId: null }
}

/** What matches of a failed call: "ingest.cancelled"; "no_answer" where nothing answered. */
export function codeOf(error: unknown): string {
  return failureOf(error).code
}

/** The HTTP status behind a failed call; null where nothing answered. */
export function statusOf(error: unknown): number | null {
  if (error instanceof Refusal) return error.status
  return error instanceof TRPCClientError ? ((error as TRPCClientError<AppRouter>).data?.httpStatus ?? null) : null
}

/** A REST call that was answered with an error. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly failure: Failure

  constructor(status: number, failure: Failure) {
    super(failure.message)
    this.status = status
    this.failure = failure
  }
}

type RestError = {
  detail?: unknown
  error?: { code?: string; message?: string; details?: string[] }
  request_id?: string
}

/** Reads a REST error body, whatever stands in the way (a proxy's HTML page too). */
export function refusalOf(status: number, text: string): Refusal {
  let body: RestError = {}
  try {
    body = (JSON.parse(text) ?? {}) as RestError
  } catch {
    // Not ours: the status has to do.
  }
  const message =
    body.error?.message ?? (typeof body.detail === 'string' ? body.detail : `The server answered ${status}`)
  const { code = `http_${status}`, details = [] } = body.error ?? {}
  return new Refusal(status, { message, details, code, requestId: body.request_id ?? null })
}
