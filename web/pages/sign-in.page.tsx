import { Navigate, useSearchParams } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api, failureOf } from '../api.ts'
import { Logo } from '../components/icon.tsx'
import { NewPasswordField } from '../components/new-password-field.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { TextField } from '../components/text-field.tsx'
import { createForm, type Form } from '../forms/create-form.ts'
import { localPath } from '../shell/local-path.ts'
import { ThemeToggle } from '../shell/theme-toggle.tsx'
import { useMe } from '../user.ts'
import { ProviderLinks } from './sign-in/provider-links.tsx'
import { ssoWords } from './sign-in/sso-words.ts'

/** Signs in, or registers where that is allowed, and goes on to where the reader wanted to go. */
export default function SignInPage() {
  const client = useQueryClient()
  const [params] = useSearchParams<{ next?: string; error?: string }>()
  const me = useMe()
  const known = () => (me.isPending ? undefined : me.data)
  const [registers, setRegisters] = createSignal(false)
  const rule = {
    fields: ['name', 'email', 'password'],
    read: (fields: FormData) => {
      const text = (name: string) => String(fields.get(name) ?? '')
      const name = text('name').trim()
      return { email: text('email').trim(), password: text('password'), ...(name ? { name } : {}) }
    },
    onDone: () => void client.invalidateQueries(),
  }
  const entering = createForm({
    ...rule,
    schema: () => import('../../worker/auth/account-input.ts').then(({ Credentials }) => Credentials),
    send: ({ email, password }) => api.auth.signIn.mutate({ email, password }),
  })
  const registering = createForm({
    ...rule,
    schema: () => import('../../worker/auth/account-input.ts').then(({ NewAccount }) => NewAccount),
    send: (account) => api.auth.register.mutate(account),
  })
  const form = (): Form => (registers() ? registering : entering)
  const title = () => (registers() ? 'Create an account' : 'Sign in')
  const turn = () => {
    form().reset()
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
        <Show when={!form().failure() && params.error}>
          {(code) => (
            <div class="failure" role="alert">
              <p>{ssoWords(code())}</p>
            </div>
          )}
        </Show>
        <Show when={known()?.providers.length}>
          <ProviderLinks providers={known()?.providers ?? []} returnTo={localPath(params.next)} />
        </Show>
        <form onSubmit={(event) => form().onSubmit(event)} onInput={(event) => form().onInput(event)}>
          <Show when={registers()}>
            <TextField
              label="Name (optional)"
              name="name"
              autocomplete="name"
              maxlength={200}
              problem={form().problem('name')}
            />
          </Show>
          <TextField
            label="E-mail"
            name="email"
            type="email"
            autocomplete="username"
            required
            maxlength={254}
            problem={form().problem('email')}
          />
          <Show
            when={registers()}
            fallback={
              <TextField
                label="Password"
                name="password"
                type="password"
                autocomplete="current-password"
                required
                problem={form().problem('password')}
              />
            }
          >
            <NewPasswordField problem={form().problem('password')} />
          </Show>
          <Show when={form().failure()}>
            {(error) => (
              <div class="failure" role="alert">
                <p>{failureOf(error()).message}</p>
                <For each={failureOf(error()).details}>{(detail) => <p class="note">{detail}</p>}</For>
              </div>
            )}
          </Show>
          <button type="submit" class="button is-primary" disabled={form().isBusy()}>
            {form().isBusy() ? 'One moment…' : title()}
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
