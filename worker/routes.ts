import { analyticsRoutes } from './analytics/routes.ts'
import { authRoutes } from './auth/routes.ts'
import { costsRoutes } from './costs/routes.ts'
import { ingestRoutes } from './ingest/routes.ts'
import { jobsRoutes } from './jobs/routes.ts'
import { openApiRoute } from './openapi-route.ts'
import type { RestRoute } from './rest.ts'
import { teamsRoutes } from './teams/routes.ts'

/** The REST paths below /api/v1, on one screen. */
export const restRoutes: readonly RestRoute[] = [
  ...authRoutes,
  ...teamsRoutes,
  ...jobsRoutes,
  ...costsRoutes,
  ...ingestRoutes,
  ...analyticsRoutes,
  openApiRoute(() => restRoutes),
]
