import { Route, Router } from '@solidjs/router'
import { page } from './page.tsx'
import { Shell } from './shell/shell.tsx'

/** Every address of the page: a new page is one file and one line here. */
export function Routes() {
  return (
    <Router>
      <Route path="/sign-in" component={page(() => import('./pages/sign-in.page.tsx'))} />
      <Route path="/join" component={page(() => import('./pages/join.page.tsx'))} />
      <Route path="/" component={Shell}>
        <Route path="/" component={page(() => import('./pages/overview.page.tsx'))} />
        <Route path="/explore" component={page(() => import('./pages/explore.page.tsx'))} />
        <Route path="/jobs" component={page(() => import('./pages/jobs.page.tsx'))} />
        <Route path="/jobs/:jobId" component={page(() => import('./pages/job.page.tsx'))} />
        <Route path="/models" component={page(() => import('./pages/models.page.tsx'))} />
        <Route path="/utilization" component={page(() => import('./pages/utilization.page.tsx'))} />
        <Route path="/explain" component={page(() => import('./pages/explain.page.tsx'))} />
        <Route path="/tokens" component={page(() => import('./pages/tokens.page.tsx'))} />
        <Route path="/imports" component={page(() => import('./pages/imports.page.tsx'))} />
        <Route path="/imports/:importId" component={page(() => import('./pages/import.page.tsx'))} />
        <Route path="/gpu-hour" component={page(() => import('./pages/gpu-hour.page.tsx'))} />
        <Route path="/gpu-mapping" component={page(() => import('./pages/gpu-mapping.page.tsx'))} />
        <Route path="/owner-rules" component={page(() => import('./pages/owner-rules.page.tsx'))} />
        <Route path="/sources" component={page(() => import('./pages/sources.page.tsx'))} />
        <Route path="/statements" component={page(() => import('./pages/statements.page.tsx'))} />
        <Route path="/teams" component={page(() => import('./pages/teams.page.tsx'))} />
        <Route path="/settings" component={page(() => import('./pages/settings.page.tsx'))} />
        <Route path="/monitoring" component={page(() => import('./pages/monitoring.page.tsx'))} />
        <Route path="/keys" component={page(() => import('./pages/keys.page.tsx'))} />
        <Route path="/audit" component={page(() => import('./pages/audit.page.tsx'))} />
        <Route path="/people" component={page(() => import('./pages/people.page.tsx'))} />
        <Route path="/account" component={page(() => import('./pages/account.page.tsx'))} />
        <Route path="*" component={page(() => import('./pages/not-found.page.tsx'))} />
      </Route>
    </Router>
  )
}
