import { alertsRoutes } from './alerts/routes.ts'
import { analyticsRoutes } from './analytics/routes.ts'
import { auditRoutes } from './audit/routes.ts'
import { authRoutes } from './auth/routes.ts'
import { backendsRoutes } from './backends/routes.ts'
import { backupsRoutes } from './backups/routes.ts'
import { budgetsRoutes } from './budgets/routes.ts'
import { channelsRoutes } from './channels/routes.ts'
import { costsRoutes } from './costs/routes.ts'
import { deliveriesRoutes } from './deliveries/routes.ts'
import { deploymentsRoutes } from './deployments/routes.ts'
import { digestsRoutes } from './digests/routes.ts'
import { exportsRoutes } from './exports/routes.ts'
import { gpuRulesRoutes } from './gpu-rules/routes.ts'
import { ingestRoutes } from './ingest/routes.ts'
import { jobsRoutes } from './jobs/routes.ts'
import { keysRoutes } from './keys/routes.ts'
import { ledgerRoutes } from './ledger/routes.ts'
import { liveRoutes } from './live/routes.ts'
import { monitoringRoutes } from './monitoring/routes.ts'
import { openApiRoute } from './openapi/routes.ts'
import { ownerRulesRoutes } from './owner-rules/routes.ts'
import { pricesRoutes } from './prices/routes.ts'
import { ratesRoutes } from './rates/routes.ts'
import { recommendationsRoutes } from './recommendations/routes.ts'
import { requestsRoutes } from './requests/routes.ts'
import type { RestRoute } from './rest.ts'
import { savedViewsRoutes } from './saved-views/routes.ts'
import { searchRoutes } from './search/routes.ts'
import { settingsRoutes } from './settings/routes.ts'
import { sourcesRoutes } from './sources/routes.ts'
import { ssoRoutes } from './sso/routes.ts'
import { statementsRoutes } from './statements/routes.ts'
import { teamGatewayRoutes } from './team-gateway/routes.ts'
import { teamsRoutes } from './teams/routes.ts'
import { tokenUsageRoutes } from './tokens/routes.ts'
import { uploadsRoutes } from './uploads/routes.ts'
import { usageRoutes } from './usage/routes.ts'
import { usersRoutes } from './users/routes.ts'
import { whatIfRoutes } from './what-if/routes.ts'

/** The REST paths below /api/v1, on one screen. */
export const restRoutes: readonly RestRoute[] = [
  ...authRoutes,
  ...ssoRoutes,
  ...keysRoutes,
  ...budgetsRoutes,
  ...alertsRoutes,
  ...auditRoutes,
  ...teamsRoutes,
  ...teamGatewayRoutes,
  ...usersRoutes,
  ...jobsRoutes,
  ...channelsRoutes,
  ...deliveriesRoutes,
  ...digestsRoutes,
  ...costsRoutes,
  ...usageRoutes,
  ...tokenUsageRoutes,
  ...ingestRoutes,
  ...uploadsRoutes,
  ...gpuRulesRoutes,
  ...ownerRulesRoutes,
  ...pricesRoutes,
  ...ratesRoutes,
  ...recommendationsRoutes,
  ...whatIfRoutes,
  ...requestsRoutes,
  ...savedViewsRoutes,
  ...searchRoutes,
  ...settingsRoutes,
  ...sourcesRoutes,
  ...analyticsRoutes,
  ...deploymentsRoutes,
  ...statementsRoutes,
  ...exportsRoutes,
  ...ledgerRoutes,
  ...liveRoutes,
  ...backupsRoutes,
  ...monitoringRoutes,
  ...backendsRoutes,
  openApiRoute(() => restRoutes),
]
