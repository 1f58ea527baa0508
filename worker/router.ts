import { alertsRouter } from './alerts/router.ts'
import { analyticsRouter } from './analytics/router.ts'
import { auditRouter } from './audit/router.ts'
import { authRouter, sessionsRouter } from './auth/router.ts'
import { backendsRouter } from './backends/router.ts'
import { backupsRouter } from './backups/router.ts'
import { budgetsRouter } from './budgets/router.ts'
import { channelsRouter } from './channels/router.ts'
import { costsRouter } from './costs/router.ts'
import { deliveriesRouter } from './deliveries/router.ts'
import { deploymentsRouter } from './deployments/router.ts'
import { digestsRouter } from './digests/router.ts'
import { gpuRulesRouter } from './gpu-rules/router.ts'
import { demoRouter, importsRouter } from './ingest/router.ts'
import { jobsRouter } from './jobs/router.ts'
import { keysRouter } from './keys/router.ts'
import { ledgerRouter } from './ledger/router.ts'
import { monitoringRouter } from './monitoring/router.ts'
import { ownerRulesRouter } from './owner-rules/router.ts'
import { pricesRouter } from './prices/router.ts'
import { ratesRouter } from './rates/router.ts'
import { recommendationsRouter } from './recommendations/router.ts'
import { requestsRouter } from './requests/router.ts'
import { savedViewsRouter } from './saved-views/router.ts'
import { searchRouter } from './search/router.ts'
import { settingsRouter } from './settings/router.ts'
import { sourcesRouter } from './sources/router.ts'
import { statementsRouter } from './statements/router.ts'
import { teamGatewayRouter } from './team-gateway/router.ts'
import { teamsRouter } from './teams/router.ts'
import { tokenUsageRouter } from './tokens/router.ts'
import { router } from './trpc.ts'
import { uploadsRouter } from './uploads/router.ts'
import { usageRouter } from './usage/router.ts'
import { usersRouter } from './users/router.ts'

/** The tRPC rooms, on one screen. */
export const appRouter = router({
  alerts: alertsRouter,
  analytics: analyticsRouter,
  audit: auditRouter,
  auth: authRouter,
  budgets: budgetsRouter,
  backends: backendsRouter,
  channels: channelsRouter,
  costs: costsRouter,
  deliveries: deliveriesRouter,
  demo: demoRouter,
  deployments: deploymentsRouter,
  digests: digestsRouter,
  gpuRules: gpuRulesRouter,
  imports: importsRouter,
  jobs: jobsRouter,
  keys: keysRouter,
  ownerRules: ownerRulesRouter,
  ledger: ledgerRouter,
  backups: backupsRouter,
  monitoring: monitoringRouter,
  prices: pricesRouter,
  rates: ratesRouter,
  recommendations: recommendationsRouter,
  requests: requestsRouter,
  savedViews: savedViewsRouter,
  search: searchRouter,
  sessions: sessionsRouter,
  settings: settingsRouter,
  sources: sourcesRouter,
  statements: statementsRouter,
  teamGateway: teamGatewayRouter,
  teams: teamsRouter,
  uploads: uploadsRouter,
  tokenUsage: tokenUsageRouter,
  usage: usageRouter,
  users: usersRouter,
})

export type AppRouter = typeof appRouter
