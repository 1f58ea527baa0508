import { Route, Router } from '@solidjs/router'
import { page } from './page.tsx'
import { Shell } from './shell/shell.tsx'

/** Every address of the page: a new page is one file and one line here. */
export function Routes() {
  return (
    <Router>
      <Route path="/sign-in" {...page(() => import('./pages/sign-in.page.tsx'))} />
      <Route path="/join" {...page(() => import('./pages/join.page.tsx'))} />
      <Route path="/" component={Shell}>
        <Route path="/" {...page(() => import('./pages/overview.page.tsx'))} />
        <Route path="/explore" {...page(() => import('./pages/explore.page.tsx'))} />
        <Route path="/forecast" {...page(() => import('./pages/forecast.page.tsx'))} />
        <Route path="/jobs" {...page(() => import('./pages/jobs.page.tsx'))} />
        <Route path="/jobs/:jobId" {...page(() => import('./pages/job.page.tsx'))} />
        <Route path="/models" {...page(() => import('./pages/models.page.tsx'))} />
        <Route path="/utilization" {...page(() => import('./pages/utilization.page.tsx'))} />
        <Route path="/anomalies" {...page(() => import('./pages/anomalies.page.tsx'))} />
        <Route path="/explain" {...page(() => import('./pages/explain.page.tsx'))} />
        <Route path="/recommendations" {...page(() => import('./pages/recommendations.page.tsx'))} />
        <Route path="/what-if" {...page(() => import('./pages/what-if.page.tsx'))} />
        <Route path="/tokens" {...page(() => import('./pages/tokens.page.tsx'))} />
        <Route path="/unit-economics" {...page(() => import('./pages/unit-economics.page.tsx'))} />
        <Route path="/alerts" {...page(() => import('./pages/alerts.page.tsx'))} />
        <Route path="/requests" {...page(() => import('./pages/requests.page.tsx'))} />
        <Route path="/requests/:requestId" {...page(() => import('./pages/request.page.tsx'))} />
        <Route path="/playground" {...page(() => import('./pages/playground.page.tsx'))} />
        <Route path="/imports" {...page(() => import('./pages/imports.page.tsx'))} />
        <Route path="/imports/:importId" {...page(() => import('./pages/import.page.tsx'))} />
        <Route path="/costs" {...page(() => import('./pages/costs.page.tsx'))} />
        <Route path="/usage" {...page(() => import('./pages/usage.page.tsx'))} />
        <Route path="/gpu-hour" {...page(() => import('./pages/gpu-hour.page.tsx'))} />
        <Route path="/gpu-mapping" {...page(() => import('./pages/gpu-mapping.page.tsx'))} />
        <Route path="/owner-rules" {...page(() => import('./pages/owner-rules.page.tsx'))} />
        <Route path="/sources" {...page(() => import('./pages/sources.page.tsx'))} />
        <Route path="/backends" {...page(() => import('./pages/backends.page.tsx'))} />
        <Route path="/statements" {...page(() => import('./pages/statements.page.tsx'))} />
        <Route path="/teams" {...page(() => import('./pages/teams.page.tsx'))} />
        <Route path="/settings" {...page(() => import('./pages/settings.page.tsx'))} />
        <Route path="/monitoring" {...page(() => import('./pages/monitoring.page.tsx'))} />
        <Route path="/backups" {...page(() => import('./pages/backups.page.tsx'))} />
        <Route path="/keys" {...page(() => import('./pages/keys.page.tsx'))} />
        <Route path="/budgets" {...page(() => import('./pages/budgets.page.tsx'))} />
        <Route path="/prices" {...page(() => import('./pages/prices.page.tsx'))} />
        <Route path="/channels" {...page(() => import('./pages/channels.page.tsx'))} />
        <Route path="/digests" {...page(() => import('./pages/digests.page.tsx'))} />
        <Route path="/audit" {...page(() => import('./pages/audit.page.tsx'))} />
        <Route path="/people" {...page(() => import('./pages/people.page.tsx'))} />
        <Route path="/account" {...page(() => import('./pages/account.page.tsx'))} />
        <Route path="*" {...page(() => import('./pages/not-found.page.tsx'))} />
      </Route>
    </Router>
  )
}
