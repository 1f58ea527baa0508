import {
  createTRPCClient,
  type HTTPBatchLinkOptions,
  httpBatchLink,
  type TRPCClient,
  TRPCClientError,
} from '@trpc/client'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { HelioxErrorData } from './errors.ts'
import type { AppRouter } from './router.ts'

export type { HelioxErrorData, HelioxErrorShape } from './errors.ts'
export type { AppRouter } from './router.ts'

/** What the procedures take and answer, by room and name: `HelioxOutputs['analytics']['daily']`. */
export type HelioxInputs = inferRouterInputs<AppRouter>
export type HelioxOutputs = inferRouterOutputs<AppRouter>
export type HelioxClient = TRPCClient<AppRouter>

/** `key` is an API key or an access token. `fetch` stands in for the global one. */
export type HelioxClientOptions = { url: string | URL; key: string; fetch?: LinkOptions['fetch'] }
type LinkOptions = HTTPBatchLinkOptions<AppRouter['_def']['_config']['$types']>

/** The server takes no longer batch. */
const LONGEST_BATCH = 20

/** A typed client. Calls that are made in one tick travel as one request. */
export function createHelioxClient({ url, key, fetch }: HelioxClientOptions): HelioxClient {
  const link = httpBatchLink<AppRouter>({
    url: new URL('/trpc', url),
    headers: { authorization: `Bearer ${key}` },
    maxItems: LONGEST_BATCH,
    ...(fetch ? { fetch } : {}),
  })
  return createTRPCClient<AppRouter>({ links: [link] })
}

/** What Heliox says about a failed call; null where it did not answer, and for errors that are not its own. */
export function helioxErrorData(error: unknown): HelioxErrorData | null {
  if (!(error instanceof TRPCClientError)) return null
  return (error as TRPCClientError<AppRouter>).data ?? null
}

/** The stable code of a failed call, such as "teams.no_team"; null where there is none. */
export function helioxErrorCode(error: unknown): string | null {
  return helioxErrorData(error)?.errorCode ?? null
}
