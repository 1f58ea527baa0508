import { Navigate, useSearchParams } from '@solidjs/router'
import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api, failureOf } from '../api.ts'
import { Logo } from '../components/icon.tsx'
import { NewPasswordField } from '../components/new-password-field.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { TextField } from '../components/text-field.tsx'
import { fieldProblem, isToldAtFields } from '../field-problem.ts'
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
  const enter = useMutation(() => ({
    mutationFn: ({ name, ...account }: { email: string; password: string; name: string }) => {
      if (!registers()) return api.auth.signIn.mutate(account)
      return api.auth.register.mutate(name ? { ...account, name } : account)
    },
    onSuccess: () => client.invalidateQueries(),
  }))
  const toldAt = () => (registers() ? ['name', 'email', 'password'] : ['email'])
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
            <TextField
              label="Name (optional)"
              name="name"
              autocomplete="name"
              maxlength={200}
              problem={fieldProblem(enter.error, 'name')}
            />
          </Show>
          <TextField
            label="E-mail"
            name="email"
            type="email"
            autocomplete="username"
            required
            maxlength={254}
            problem={fieldProblem(enter.error, 'email')}
          />
          <Show
            when={registers()}
            fallback={
              <label>
                Password
                <input name="password" type="password" autocomplete="current-password" required />
              </label>
            }
          >
            <NewPasswordField problem={fieldProblem(enter.error, 'password')} />
          </Show>
          <Show when={!isToldAtFields(enter.error, toldAt()) && enter.error}>
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
