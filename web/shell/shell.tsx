import { A, Navigate, type RouteSectionProps, useLocation } from '@solidjs/router'
import { ErrorBoundary, For, Match, Show, Switch } from 'solid-js'
import { FailureNote } from '../components/failure-note.tsx'
import { Logo } from '../components/icon.tsx'
import { Skeleton } from '../components/panel.tsx'
import { UploadsProvider } from '../uploads/uploads.tsx'
import { type Role, useMe } from '../user.ts'
import { HealthIndicator } from './health-indicator.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { UserMenu } from './user-menu.tsx'

type Link = { href: string; name: string; roles?: readonly Role[] }

/** What the header leads to; without `roles` for everybody. */
const LINKS: readonly Link[] = [
  { href: '/', name: 'Overview' },
  { href: '/imports', name: 'Imports' },
  { href: '/teams', name: 'Teams' },
  { href: '/keys', name: 'Keys', roles: ['admin', 'finance', 'developer'] },
  { href: '/people', name: 'People', roles: ['admin', 'finance'] },
  { href: '/audit', name: 'Audit', roles: ['admin', 'finance'] },
]

/** The frame of every page behind the sign-in. A stranger is sent to sign in and brought back afterwards. */
export function Shell(props: RouteSectionProps) {
  const me = useMe()
  const user = () => (me.isPending ? undefined : me.data?.user)
  const links = () => LINKS.filter(({ roles }) => !roles || roles.some((role) => role === user()?.role))
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
          <For each={links()}>
            {({ href, name }) => (
              <A href={href} end={href === '/'} activeClass="is-here" inactiveClass="">
                {name}
              </A>
            )}
          </For>
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
              {props.children}
            </ErrorBoundary>
          </Match>
        </Switch>
      </main>
    </UploadsProvider>
  )
}
