import { getTRPCErrorShape, initTRPC, TRPCError, type TRPCQueryProcedure } from '@trpc/server'
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc'
import { ZodError, z } from 'zod'
import { askOnce } from './answer-cache/ask-once.ts'
import { type Asking, userScope } from './asking.ts'
import { type ErrorKind, expected, HelioxError, rootCause } from './errors.ts'
import { invalidInput } from './invalid-input.ts'
import { errorResponse } from './rest.ts'
import type { Scope } from './scope.ts'
import { requireStorableText } from './storable-text.ts'

const TRPC_CODE = {
  invalid: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  precondition: 'PRECONDITION_FAILED',
  too_large: 'PAYLOAD_TOO_LARGE',
  limit_reached: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
} as const satisfies Record<ErrorKind, TRPC_ERROR_CODE_KEY>

const t = initTRPC.context<Asking>().create({
  isDev: false, // the default is true unless NODE_ENV says production, and dev mode ships stack traces
  errorFormatter({ shape, error, ctx }) {
    const known = error.cause instanceof HelioxError ? error.cause : null
    const message = error.code === 'INTERNAL_SERVER_ERROR' ? 'Something went wrong' : shape.message
    const data = {
      code: shape.data.code,
      httpStatus: shape.data.httpStatus,
      errorCode: known?.code ?? null,
      details: known?.details ?? [],
      requestId: ctx?.requestId ?? null,
    }
    return { ...shape, message, data }
  },
})

const mapErrors = t.middleware(async ({ ctx, path, next }) => {
  const result = await next()
  if (result.ok) return result
  const { cause: origin } = result.error
  const cause = origin instanceof ZodError ? invalidInput(origin) : expected(origin)
  if (cause) throw new TRPCError({ code: TRPC_CODE[cause.kind], message: cause.message, cause })
  if (result.error.code === 'INTERNAL_SERVER_ERROR')
    ctx.log.error('request.failed', { path, error: String(rootCause(result.error)) })
  return result
})

const checkText = t.middleware(async ({ getRawInput, next }) => {
  requireStorableText(await getRawInput())
  return next()
})
/** A failure before any procedure ran (too many requests, a foreign origin), so that typed clients can read it. */
export function trpcErrorResponse(error: unknown, asking: Parameters<typeof errorResponse>[1]): Response {
  const { status, headers } = errorResponse(error, asking) // the same for REST: status, headers, and the log line
  const cause = expected(error)
  const known = cause && new TRPCError({ code: TRPC_CODE[cause.kind], message: cause.message, cause })
  const shown = known ?? new TRPCError({ code: 'INTERNAL_SERVER_ERROR' })
  const about = { type: 'unknown', path: undefined, input: undefined, ctx: asking as Asking } as const
  return Response.json({ error: getTRPCErrorShape({ config: t._config, error: shown, ...about }) }, { status, headers })
}

export const router = t.router
export const publicProcedure = t.procedure.use(mapErrors).use(checkText)

/** Signed in; nearly every procedure starts here. What the role allows is the verb's first line. */
export const signedIn = publicProcedure.use(async ({ ctx, next }) => next({ ctx: { scope: await userScope(ctx) } }))

type InScope = { ctx: Asking & { scope: Scope } }
/** Said rather than inferred: of what two type parameters make together, tRPC's builder keeps nothing. */
type Query<Asked, A> = TRPCQueryProcedure<{
  input: Asked
  output: NoInfer<A> // not from the router around it, which takes any
  meta: object
}>

/**
 * In place of `signedIn`, for queries whose answer depends on the ledger alone: it is kept until the ledger's version
 * changes. The resolver is asked for somebody without a name, who may see the same.
 */
export const analyticsProcedure = {
  input: <Schema extends z.ZodType>(schema: Schema) => ({
    query: <A>(resolve: (options: InScope & { input: z.output<Schema> }) => Promise<A>) => queryOnce(schema, resolve),
  }),
  query: <A>(resolve: (options: InScope) => Promise<A>) => queryOnce(NOTHING, resolve),
}

/** Whatever a client says with a question that takes no input is not heard. */
const NOTHING: z.ZodType<void, void> = z.unknown().transform((): void => undefined) as never

function queryOnce<Schema extends z.ZodType, A>(
  schema: Schema,
  resolve: (options: InScope & { input: z.output<Schema> }) => Promise<A>,
): Query<z.input<Schema>, A> {
  return signedIn.input(schema).query(async ({ ctx, path, input }) => {
    const asked = await askOnce(ctx, { name: path, input })
    const { value } = await asked.answer(async (unnamed) => {
      const scope = await userScope(unnamed)
      return resolve({ ctx: { ...unnamed, scope }, input: input as z.output<Schema> })
    })
    return value()
  }) as Query<z.input<Schema>, A>
}
