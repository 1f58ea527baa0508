import { A, useLocation, useNavigate } from '@solidjs/router'
import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { Match, Show, Switch } from 'solid-js'
import { api, failureOf, statusOf } from '../api.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { Logo } from '../components/icon.tsx'
import { NewPasswordField } from '../components/new-password-field.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Skeleton } from '../components/panel.tsx'
import { TextField } from '../components/text-field.tsx'
import { fieldProblem, isToldAtFields } from '../field-problem.ts'
import { formatInstant } from '../format/day.ts'
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
  const join = useMutation(() => ({
    mutationFn: (chosen: { password: string; name?: string }) =>
      api.auth.usePasswordLink.mutate({ secret: secret(), ...chosen }),
    onSuccess: () => {
      client.clear() // whoever was signed in here before is not any more
      navigate('/', { replace: true })
    },
  }))
  const known = () => (link.isPending || link.isError ? undefined : link.data)
  const isInvited = () => known()?.purpose === 'invite'
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    if (join.isPending) return
    const form = new FormData(event.currentTarget)
    const name = String(form.get('name') ?? '').trim()
    join.mutate({ password: String(form.get('password') ?? ''), ...(name ? { name } : {}) })
  }

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
          <Match when={isDead(link.error) || isDead(join.error)}>
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
                <form onSubmit={send}>
                  {/* For password managers: whose password it is. */}
                  <input type="text" autocomplete="username" value={one().email} readonly hidden />
                  <Show when={isInvited()}>
                    <TextField
                      label="Your name (optional)"
                      name="name"
                      autocomplete="name"
                      maxlength={200}
                      value={one().name}
                      problem={fieldProblem(join.error, 'name')}
                    />
                  </Show>
                  <NewPasswordField problem={fieldProblem(join.error, 'password')} />
                  <Show when={join.error && !isToldAtFields(join.error, ['name', 'password'])}>
                    <p class="field-problem" role="alert">
                      {failureOf(join.error).message}
                    </p>
                  </Show>
                  <button type="submit" class="button is-primary" disabled={join.isPending}>
                    {join.isPending ? 'One moment…' : isInvited() ? 'Join' : 'Set the password and sign in'}
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
