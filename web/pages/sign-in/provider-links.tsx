import { For } from 'solid-js'

type Props = { providers: readonly { id: string; label: string }[]; returnTo: string }

/** A button per provider. Links that leave the page: the browser goes there itself, with no script of ours between. */
export function ProviderLinks(props: Props) {
  const href = (id: string) => `/api/v1/auth/sso/${id}?${new URLSearchParams({ return_to: props.returnTo })}`
  return (
    <div class="door-providers">
      <For each={props.providers}>
        {({ id, label }) => (
          <a class="button" href={href(id)} rel="external">
            {label}
          </a>
        )}
      </For>
      <p class="note door-or">or</p>
    </div>
  )
}
