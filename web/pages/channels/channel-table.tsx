import { useMutation } from '@tanstack/solid-query'
import { For, Index, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { RowButton, RowButtons } from '../../components/row-buttons.tsx'
import { formatCountOf } from '../../format/count.ts'
import { type Opened, useSettled } from './channel-dialogs.tsx'
import type { Channel, Kind } from './channel-form.ts'

/** Every channel in a row: whose it is, where it tells people, how its messages fare. Rows go by place, so that focus stays. */
export function ChannelTable(props: {
  channels: readonly Channel[]
  kinds: readonly Kind[]
  mayWrite: boolean
  onOpen: (dialog: Opened) => void
}) {
  const settle = useSettled()
  const test = useMutation(() => ({
    mutationFn: (channel: Channel) => api.channels.test.mutate({ id: channel.id }),
    onSettled: settle,
  }))
  const labelOf = (kind: Channel['kind']) => props.kinds.find((one) => one.kind === kind)?.label ?? kind
  return (
    <>
      <div role="status" class="channel-tested">
        <Show when={!test.isPending && test.data}>
          {(told) => (
            <p>
              <span class={`badge ${told().isFine ? 'is-good' : 'is-bad'}`}>
                {told().isFine ? 'Arrived' : 'Did not arrive'}
              </span>{' '}
              {test.variables?.name}: {told().message}
            </p>
          )}
        </Show>
      </div>
      <Show when={test.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
      <section class="table-scroll" tabindex="0" aria-label="Channels">
        <table class="channels is-cards">
          <caption class="visually-hidden">Channels by name</caption>
          <thead>
            <tr>
              <For each={['Channel', 'Whose', 'Messages']}>{(title) => <th scope="col">{title}</th>}</For>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <Index each={props.channels}>
              {(channel) => (
                <tr>
                  <th scope="row">
                    <span class="channel-name">{channel().name}</span>
                    <span class="note channel-place">
                      {labelOf(channel().kind)} · {channel().place}
                    </span>
                  </th>
                  <td data-label="Whose">{channel().teamName ?? 'The whole company'}</td>
                  <td data-label="Messages">
                    <MessageState of={channel()} />
                  </td>
                  <RowButtons
                    of={channel().name}
                    mayWrite={props.mayWrite}
                    onOpen={(dialog) => props.onOpen({ dialog, channel: channel() })}
                  >
                    <Show when={props.mayWrite}>
                      <RowButton
                        name={test.isPending && test.variables.id === channel().id ? 'Sending…' : 'Test'}
                        of={channel().name}
                        isBusy={test.isPending}
                        onClick={() => test.mutate(channel())}
                      />
                    </Show>
                  </RowButtons>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </>
  )
}

function MessageState(props: { of: Channel }) {
  return (
    <div class="channel-state">
      <Show when={!props.of.isEnabled}>
        <span class="badge">Off</span>
      </Show>
      <Show when={props.of.deadCount > 0}>
        <span class="badge is-bad">{formatCountOf(props.of.deadCount, 'given up', 'given up')}</span>
      </Show>
      <Show when={props.of.waitingCount > 0}>
        <span class="badge is-busy">{formatCountOf(props.of.waitingCount, 'on its way', 'on their way')}</span>
      </Show>
      <Show when={props.of.isEnabled && props.of.deadCount + props.of.waitingCount === 0}>
        <span class="muted">All sent</span>
      </Show>
    </div>
  )
}
