import { For, Index, Show } from 'solid-js'
import { RowButtons } from '../../components/row-buttons.tsx'
import { formatFullDay } from '../../format/day.ts'
import type { Opened, Subscription } from './subscription-dialogs.tsx'

/** Every subscription in a row: what, when, where, and the last that was sent. */
export function SubscriptionTable(props: {
  digests: readonly Subscription[]
  mayWrite: boolean
  onOpen: (dialog: Opened) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Digests that are sent">
      <table class="is-cards">
        <caption class="visually-hidden">Digests that are sent, by name</caption>
        <thead>
          <tr>
            <For each={['Digest', 'Whose', 'When', 'Channels', 'Last sent for']}>
              {(title) => <th scope="col">{title}</th>}
            </For>
            <Show when={props.mayWrite}>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.digests}>
            {(digest) => (
              <tr>
                <th scope="row">{digest().name}</th>
                <td data-label="Whose">{digest().teamName ?? 'The whole company'}</td>
                <td data-label="When">
                  <Show when={digest().isEnabled} fallback={<span class="badge">Paused</span>}>
                    {digest().period === 'day' ? 'Every day' : 'Every Monday'},{' '}
                    {String(digest().hourUtc).padStart(2, '0')}
                    :00 UTC
                  </Show>
                </td>
                <td data-label="Channels">
                  <Show when={digest().channels.length > 0} fallback={<span class="muted">None</span>}>
                    {digest()
                      .channels.map(({ name }) => name)
                      .join(', ')}
                  </Show>
                </td>
                <td data-label="Last sent for">
                  <Show when={digest().lastSentFor} fallback={<span class="muted">Not yet</span>}>
                    {(day) => <>{formatFullDay(day())}</>}
                  </Show>
                </td>
                <Show when={props.mayWrite}>
                  <RowButtons of={digest().name} onOpen={(dialog) => props.onOpen({ dialog, digest: digest() })} />
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}
