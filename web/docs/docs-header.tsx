import { createResource, Match, Switch } from 'solid-js'
import { api } from '../api.ts'
import { Logo } from '../components/icon.tsx'
import { ThemeToggle } from '../shell/theme-toggle.tsx'

/** The way back to the dashboard, and as whom the calls of this page are made. */
export function DocsHeader() {
  const [me] = createResource(() => api.auth.me.query().catch(() => null))
  const name = () => me()?.user?.email || me()?.user?.name || me()?.user?.role
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <header class="top">
        <a class="brand" href="/">
          <Logo />
          Heliox
        </a>
        <p class="docs-caller">
          <Switch>
            <Match when={name()}>{(known) => <>Calls are made as {known()}, or with the key you authorize.</>}</Match>
            <Match when={me.state === 'ready'}>
              <a href="/sign-in">Sign in</a> to try calls with your session, or authorize with a key.
            </Match>
          </Switch>
        </p>
        <div class="top-tools">
          <a class="docs-file" href="/api/v1/openapi.json">
            openapi.json
          </a>
          <ThemeToggle />
        </div>
      </header>
    </>
  )
}
