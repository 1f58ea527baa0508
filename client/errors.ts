import type { TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODE_NUMBER } from '@trpc/server'

/** What an error of a procedure carries beside its message. */
export type HelioxErrorData = {
  /** tRPC's name of the kind, such as "NOT_FOUND". */
  code: TRPC_ERROR_CODE_KEY
  httpStatus: number
  /** Stable, such as "teams.no_team": match on this. Null for what Heliox did not expect. */
  errorCode: string | null
  /** One line per field that is wrong. */
  details: readonly string[]
  /** Names the call in the server's log. */
  requestId: string | null
}

/** An error as it is on the wire. */
export type HelioxErrorShape = { code: TRPC_ERROR_CODE_NUMBER; message: string; data: HelioxErrorData }
