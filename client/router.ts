import type { TRPCBuiltRouter } from '@trpc/server'
import type { AppRouter as ServerRouter } from '../worker/router.ts'
import type { HelioxErrorShape } from './errors.ts'
import type { WrittenOut } from './written-out.ts'

declare function writtenOut<T>(): WrittenOut<T>
const procedures = writtenOut<ServerRouter['_def']['record']>()

/** The procedures of Heliox, for `createTRPCClient<AppRouter>`, `inferRouterInputs` and `inferRouterOutputs`. */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: HelioxErrorShape; transformer: false },
  typeof procedures
>
