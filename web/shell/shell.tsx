import { A, Navigate, type RouteSectionProps, useLocation } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, ErrorBoundary, Match, on, Show, Switch } from 'solid-js'
import { FailureNote } from '../components/failure-note.tsx'
import { Logo } from '../components/icon.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Skeleton } from '../components/panel.tsx'
import { askWhoIsHere } from '../queries.ts'
import { UploadsProvider } from '../uploads/uploads.tsx'
import { type Role, useMe } from '../user.ts'
import { Breadcrumbs } from './breadcrumbs.tsx'
import { HealthIndicator } from './health-indicator.tsx'
import { MenuButton } from './menu-button.tsx'
import { Navigation } from './navigation.tsx'
import { PaletteButton } from './palette-button.tsx'
import { SaveView } from './save-view.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { isOpenTo, placeAt } from './trail.ts'
import { UserMenu } from './user-menu.tsx'

/** The frame of every page behind the sign-in. A stranger is sent to sign in and brought back afterwards. */
export function Shell(props: RouteSectionProps) {
  const me = useMe()
  const user = () => (me.isPending ? undefined : me.data?.user)
  const location = useLocation()
  const client = useQueryClient()
  createEffect(
    on(
      () => location.pathname,
      () => void askWhoIsHere(client),
      { defer: true },
    ),
  )
  /** This page, if it is not for this role. */
  const closed = () => {
    const known = user()
    const here = placeAt(location.pathname)
    return known && here && !isOpenTo(here, known.role) ? here : undefined
  }
  const signIn = () => `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`
  return (
    <UploadsProvider>
      <a class="skip" href="#content" target="_self">
        Skip to content
      </a>
      <header class="top">
        {/* Until it is known who is here, what comes later has its place already. */}
        <Show when={user()} fallback={<span class="menu-button place" />}>
          {(known) => <MenuButton user={known()} />}
        </Show>
        <A class="brand" href="/" end>
          <Logo />
          <span class="brand-name">Heliox</span>
        </A>
        <div class="top-tools">
          <Show when={user()}>{(known) => <PaletteButton user={known()} />}</Show>
          <HealthIndicator />
          <ThemeToggle />
          <Show when={user()} fallback={<span class="place" />}>
            {(known) => <UserMenu user={known()} />}
          </Show>
        </div>
      </header>
      <div class="frame">
        <div class="side">
          <Show when={user()}>{(known) => <Navigation user={known()} />}</Show>
        </div>
        <div class="beside">
          <section class="crumb-line" aria-label="This page">
            <Breadcrumbs />
            <Show when={user()}>
              <SaveView />
            </Show>
          </section>
          <main id="content" class="content" tabindex="-1">
            <Switch fallback={<Skeleton label="Loading the page" />}>
              <Match when={me.isError && user() === undefined}>
                <FailureNote title="Could not load Heliox" error={me.error} onRetry={() => me.refetch()} />
              </Match>
              <Match when={user() === null}>
                <Navigate href={signIn()} />
              </Match>
              <Match when={closed()}>{(place) => <NotOpen page={place().name} roles={place().roles ?? []} />}</Match>
              <Match when={user()}>
                <ErrorBoundary
                  fallback={(error, reset) => <FailureNote title="This page broke" error={error} onRetry={reset} />}
                >
                  {props.children}
                </ErrorBoundary>
              </Match>
            </Switch>
          </main>
        </div>
      </div>
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
