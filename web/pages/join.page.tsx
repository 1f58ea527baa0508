import { A, useLocation, useNavigate } from '@solidjs/router'
import { useQuery, useQueryClient } from '@tanstack/solid-query'
import { Match, Show, Switch } from 'solid-js'
import { api, failureOf, statusOf } from '../api.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { Logo } from '../components/icon.tsx'
import { NewPasswordField } from '../components/new-password-field.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Skeleton } from '../components/panel.tsx'
import { TextField } from '../components/text-field.tsx'
import { formatInstant } from '../format/day.ts'
import { createForm } from '../forms/create-form.ts'
import { ThemeToggle } from '../shell/theme-toggle.tsx'

function LookingAtLink() {
  return (
    <>
      <PageHeading title="Your link" />
      <Skeleton label="Looking at your link" />
    </>
  )
}

const isDead = (error: unknown) => statusOf(error) === 404

/** Where a one-time link leads: says who it is for, takes a password, and goes on signed in. */
export default function JoinPage() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const location = useLocation()
  // Behind the #: a browser sends it nowhere by itself.
  const secret = () => location.hash.replace(/^#/, '')
  const link = useQuery(() => ({
    queryKey: ['auth.link', secret()],
    queryFn: () => api.auth.link.mutate({ secret: secret() || '-' }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  }))
  const form = createForm({
    fields: ['name', 'password'],
    schema: () => import('../../worker/auth/account-input.ts').then(({ LinkChoice }) => LinkChoice),
    read: (fields) => {
      const name = String(fields.get('name') ?? '').trim()
      return { password: String(fields.get('password') ?? ''), ...(name ? { name } : {}) }
    },
    send: (chosen) => api.auth.usePasswordLink.mutate({ secret: secret(), ...chosen }),
    onDone: () => {
      client.clear() // whoever was signed in here before is not any more
      navigate('/', { replace: true })
    },
  })
  const known = () => (link.isPending || link.isError ? undefined : link.data)
  const isInvited = () => known()?.purpose === 'invite'

  return (
    <main class="door">
      <div class="door-tools">
        <ThemeToggle />
      </div>
      <div class="door-box">
        <p class="brand">
          <Logo />
          Heliox
        </p>
        <Switch fallback={<LookingAtLink />}>
          <Match when={isDead(link.error) || isDead(form.failure())}>
            <PageHeading title="This link does not work any more" />
            <p>It has been used, a newer one has replaced it, or its time is over.</p>
            <p>
              Have you set your password already? Then <A href="/sign-in">sign in</A>. Otherwise ask an administrator of
              your company’s Heliox for a new link.
            </p>
          </Match>
          <Match when={link.error}>
            <PageHeading title="Join Heliox" />
            <FailureNote title="Could not look at your link" error={link.error} onRetry={() => link.refetch()} />
          </Match>
          <Match when={known()}>
            {(one) => (
              <>
                <PageHeading title={isInvited() ? 'Join Heliox' : 'Set a new password'} />
                <p class="note">
                  {isInvited() ? 'You are invited as ' : 'For the account '}
                  <strong>{one().email}</strong>. The link works once, until {formatInstant(one().expiresAt)}.
                </p>
                <form onSubmit={form.onSubmit} onInput={form.onInput}>
                  {/* For password managers: whose password it is. */}
                  <input type="text" autocomplete="username" value={one().email} readonly hidden />
                  <Show when={isInvited()}>
                    <TextField
                      label="Your name (optional)"
                      name="name"
                      autocomplete="name"
                      maxlength={200}
                      value={one().name}
                      problem={form.problem('name')}
                    />
                  </Show>
                  <NewPasswordField problem={form.problem('password')} />
                  <Show when={form.failure()}>
                    {(error) => (
                      <p class="field-problem" role="alert">
                        {failureOf(error()).message}
                      </p>
                    )}
                  </Show>
                  <button type="submit" class="button is-primary" disabled={form.isBusy()}>
                    {form.isBusy() ? 'One moment…' : isInvited() ? 'Join' : 'Set the password and sign in'}
                  </button>
                </form>
              </>
            )}
          </Match>
        </Switch>
      </div>
    </main>
  )
}
