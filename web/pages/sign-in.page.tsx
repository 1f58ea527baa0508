import { Navigate, useSearchParams } from '@solidjs/router'
import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api, failureOf } from '../api.ts'
import { Logo } from '../components/icon.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { ME } from '../queries.ts'
import { localPath } from '../shell/local-path.ts'
import { ThemeToggle } from '../shell/theme-toggle.tsx'
import { ProviderLinks } from './sign-in/provider-links.tsx'
import { ssoWords } from './sign-in/sso-words.ts'

/** Signs in, or registers where that is allowed, and goes on to where the reader wanted to go. */
export default function SignInPage() {
  const client = useQueryClient()
  const [params] = useSearchParams<{ next?: string; error?: string }>()
  const me = useQuery(() => ({ queryKey: ME, queryFn: () => api.auth.me.query() }))
  const known = () => (me.isPending ? undefined : me.data)
  const [registers, setRegisters] = createSignal(false)
  const enter = useMutation(() => ({
    mutationFn: ({ name, ...account }: { email: string; password: string; name: string }) => {
      if (!registers()) return api.auth.signIn.mutate(account)
      return api.auth.register.mutate(name ? { ...account, name } : account)
    },
    onSuccess: () => client.invalidateQueries(),
  }))
  const title = () => (registers() ? 'Create an account' : 'Sign in')
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    if (enter.isPending) return
    const form = new FormData(event.currentTarget)
    const field = (name: string) => String(form.get(name) ?? '')
    enter.mutate({ email: field('email').trim(), password: field('password'), name: field('name').trim() })
  }
  const turn = () => {
    enter.reset()
    setRegisters(!registers())
  }

  return (
    <main class="door">
      <Show when={known()?.user}>
        <Navigate href={localPath(params.next)} />
      </Show>
      <div class="door-tools">
        <ThemeToggle />
      </div>
      <div class="door-box">
        <p class="brand">
          <Logo />
          Heliox
        </p>
        <PageHeading title={title()} />
        <p class="note">What your GPUs really cost, and who used them.</p>
        <Show when={!enter.error && params.error}>
          {(code) => (
            <div class="failure" role="alert">
              <p>{ssoWords(code())}</p>
            </div>
          )}
        </Show>
        <Show when={known()?.providers.length}>
          <ProviderLinks providers={known()?.providers ?? []} returnTo={localPath(params.next)} />
        </Show>
        <form onSubmit={send}>
          <Show when={registers()}>
            <label>
              Name (optional)
              <input name="name" autocomplete="name" />
            </label>
          </Show>
          <label>
            E-mail
            <input name="email" type="email" autocomplete="username" required />
          </label>
          <label>
            Password
            <input
              name="password"
              type="password"
              autocomplete={registers() ? 'new-password' : 'current-password'}
              required
            />
          </label>
          <Show when={enter.error}>
            {(error) => (
              <div class="failure" role="alert">
                <p>{failureOf(error()).message}</p>
                <For each={failureOf(error()).details}>{(detail) => <p class="note">{detail}</p>}</For>
              </div>
            )}
          </Show>
          <button type="submit" class="button is-primary" disabled={enter.isPending}>
            {enter.isPending ? 'One moment…' : title()}
          </button>
        </form>
        <Show when={known()?.registration}>
          <p class="note">
            {registers() ? 'You have an account? ' : 'New here? '}
            <button type="button" class="link" onClick={turn}>
              {registers() ? 'Sign in' : 'Create an account'}
            </button>
          </p>
        </Show>
      </div>
    </main>
  )
}
