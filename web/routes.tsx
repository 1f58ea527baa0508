import { Route, Router } from '@solidjs/router'
import { lazy } from 'solid-js'
import { Shell } from './shell/shell.tsx'

/** Every address of the page: a new page is one file and one line here. */
export function Routes() {
  return (
    <Router>
      <Route path="/sign-in" component={lazy(() => import('./pages/sign-in.page.tsx'))} />
      <Route path="/join" component={lazy(() => import('./pages/join.page.tsx'))} />
      <Route path="/" component={Shell}>
        <Route path="/" component={lazy(() => import('./pages/overview.page.tsx'))} />
        <Route path="/imports" component={lazy(() => import('./pages/imports.page.tsx'))} />
        <Route path="/imports/:importId" component={lazy(() => import('./pages/import.page.tsx'))} />
        <Route path="/keys" component={lazy(() => import('./pages/keys.page.tsx'))} />
        <Route path="/audit" component={lazy(() => import('./pages/audit.page.tsx'))} />
        <Route path="/people" component={lazy(() => import('./pages/people.page.tsx'))} />
        <Route path="/account" component={lazy(() => import('./pages/account.page.tsx'))} />
        <Route path="*" component={lazy(() => import('./pages/not-found.page.tsx'))} />
      </Route>
    </Router>
  )
}
