import { A, Navigate, type RouteSectionProps, useLocation } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { ErrorBoundary, Match, Show, Suspense, Switch } from 'solid-js'
import { api } from '../api.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { Logo } from '../components/icon.tsx'
import { Skeleton } from '../components/panel.tsx'
import { ME } from '../queries.ts'
import { UploadsProvider } from '../uploads/uploads.tsx'
import type { User } from '../user.ts'
import { HealthIndicator } from './health-indicator.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { UserMenu } from './user-menu.tsx'

/** The frame of every page behind the sign-in. A stranger is sent to sign in and brought back afterwards. */
export function Shell(props: RouteSectionProps) {
  const me = useQuery(() => ({ queryKey: ME, queryFn: () => api.auth.me.query() }))
  const user = () => (me.isPending ? undefined : me.data?.user)
  const may = (...roles: User['role'][]) => roles.some((role) => role === user()?.role)
  const location = useLocation()
  const signIn = () => `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`
  return (
    <UploadsProvider>
      <a class="skip" href="#content" target="_self">
        Skip to content
      </a>
      <header class="top">
        <A class="brand" href="/" end>
          <Logo />
          Heliox
        </A>
        <nav aria-label="Main">
          <A href="/" end activeClass="is-here" inactiveClass="">
            Overview
          </A>
          <A href="/imports" activeClass="is-here" inactiveClass="">
            Imports
          </A>
          <Show when={may('admin', 'finance', 'developer')}>
            <A href="/keys" activeClass="is-here" inactiveClass="">
              Keys
            </A>
          </Show>
          <Show when={may('admin', 'finance')}>
            <A href="/people" activeClass="is-here" inactiveClass="">
              People
            </A>
            <A href="/audit" activeClass="is-here" inactiveClass="">
              Audit
            </A>
          </Show>
        </nav>
        <div class="top-tools">
          <HealthIndicator />
          <ThemeToggle />
          <Show when={user()}>{(known) => <UserMenu user={known()} />}</Show>
        </div>
      </header>
      <main id="content" class="content" tabindex="-1">
        <Switch fallback={<Skeleton label="Loading the page" />}>
          <Match when={me.isError && user() === undefined}>
            <FailureNote title="Could not load Heliox" error={me.error} onRetry={() => me.refetch()} />
          </Match>
          <Match when={user() === null}>
            <Navigate href={signIn()} />
          </Match>
          <Match when={user()}>
            <ErrorBoundary
              fallback={(error, reset) => <FailureNote title="This page broke" error={error} onRetry={reset} />}
            >
              <Suspense fallback={<Skeleton label="Loading the page" />}>{props.children}</Suspense>
            </ErrorBoundary>
          </Match>
        </Switch>
      </main>
    </UploadsProvider>
  )
}
