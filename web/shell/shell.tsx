import { A, Navigate, type RouteSectionProps, useLocation } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, ErrorBoundary, For, Match, on, Show, Switch } from 'solid-js'
import { FailureNote } from '../components/failure-note.tsx'
import { Logo } from '../components/icon.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Skeleton } from '../components/panel.tsx'
import { askWhoIsHere } from '../queries.ts'
import { UploadsProvider } from '../uploads/uploads.tsx'
import { type Role, useMe } from '../user.ts'
import { HealthIndicator } from './health-indicator.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { UserMenu } from './user-menu.tsx'

type Link = { href: string; name: string; roles?: readonly Role[] }

/** What the header leads to; without `roles` for everybody. */
const LINKS: readonly Link[] = [
  { href: '/', name: 'Overview' },
  { href: '/explore', name: 'Explore' },
  { href: '/tokens', name: 'Tokens' },
  { href: '/imports', name: 'Imports' },
  { href: '/gpu-mapping', name: 'GPU mapping', roles: ['admin', 'finance'] },
  { href: '/sources', name: 'Sources', roles: ['admin', 'finance'] },
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
  const client = useQueryClient()
  createEffect(
    on(
      () => location.pathname,
      () => void askWhoIsHere(client),
      { defer: true },
    ),
  )
  /** The link of this page, if it is not for this role. */
  const closed = () => {
    const known = user()
    const here = LINKS.find(({ href }) => href === location.pathname)
    return known && here?.roles && !here.roles.includes(known.role) ? here : undefined
  }
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
          <Match when={closed()}>{(link) => <NotOpen page={link().name} roles={link().roles ?? []} />}</Match>
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

/** Instead of a page that the server would refuse to fill. */
function NotOpen(props: { page: string; roles: readonly Role[] }) {
  return (
    <section class="panel empty is-large">
      <PageHeading title="Not open to you" />
      <p>
        {props.page}: this needs the role {props.roles.join(' or ')}. An administrator can change your role.
      </p>
    </section>
  )
}
