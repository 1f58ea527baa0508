import { analyticsRouter } from './analytics/router.ts'
import { auditRouter } from './audit/router.ts'
import { authRouter } from './auth/router.ts'
import { demoRouter, importsRouter } from './ingest/router.ts'
import { keysRouter } from './keys/router.ts'
import { router } from './trpc.ts'
import { usersRouter } from './users/router.ts'

/** The tRPC rooms, on one screen. */
export const appRouter = router({
  analytics: analyticsRouter,
  audit: auditRouter,
  auth: authRouter,
  demo: demoRouter,
  imports: importsRouter,
  keys: keysRouter,
  users: usersRouter,
})

export type AppRouter = typeof appRouter
