import { A, useSearchParams } from '@solidjs/router'
import { useMutation, useQuery } from '@tanstack/solid-query'
import { For, Index, Show } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { readSkip } from '../../choice/skip.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { Pager } from '../../components/pager.tsx'
import { Panel } from '../../components/panel.tsx'
import { RowButton } from '../../components/row-buttons.tsx'
import { formatInstant } from '../../format/day.ts'
import { useSettled } from './channel-dialogs.tsx'

type Delivery = Answers['deliveries']['list']['deliveries'][number]
type Status = Delivery['status']

const STATUS = {
  queued: ['Waits', 'is-warning'],
  sending: ['Being sent', 'is-busy'],
  sent: ['Arrived', 'is-good'],
  dead: ['Given up', 'is-bad'],
} as const satisfies Record<Status, readonly [string, string]>
const LIMIT = 20
const POLL_MS = 10_000

/** Messages and what became of them: those that were given up first, then the newest. */
export function DeliveryList(props: { mayWrite: boolean }) {
  const [params, setParams] = useSearchParams<{ status?: string; page?: string }>()
  const status = () => (Object.hasOwn(STATUS, params.status ?? '') ? (params.status as Status) : undefined)
  const question = () => {
    const narrowed = status()
    return { skip: readSkip(params.page), limit: LIMIT, ...(narrowed ? { status: narrowed } : {}) }
  }
  const settle = useSettled()
  const deliveries = useQuery(() => ({
    queryKey: ['channels', 'deliveries', question()],
    queryFn: () => api.deliveries.list.query(question()),
    refetchInterval: ({ state }) =>
      state.data?.deliveries.some((one) => one.status === 'queued' || one.status === 'sending') ? POLL_MS : false,
  }))
  const retry = useMutation(() => ({
    mutationFn: (id: Delivery['id']) => api.deliveries.retry.mutate({ id }),
    onSettled: settle,
  }))
  return (
    <Panel
      title="Messages"
      query={deliveries}
      minHeight={200}
      isEmpty={(data) => data.total === 0}
      empty={
        <p>
          {status() ? 'No message is like that.' : 'Nothing has been sent yet: alerts and digests will stand here.'}
        </p>
      }
      actions={
        <label>
          Show{' '}
          <select
            onChange={(event) =>
              setParams({ status: event.currentTarget.value || null, page: null }, { scroll: false })
            }
          >
            <option value="">All</option>
            <For each={Object.entries(STATUS)}>
              {([id, [name]]) => (
                <option value={id} selected={id === status()}>
                  {name}
                </option>
              )}
            </For>
          </select>
        </label>
      }
    >
      {(data) => (
        <>
          <Show when={retry.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
          <section class="table-scroll" tabindex="0" aria-label="Messages">
            <table class="deliveries is-cards">
              <caption class="visually-hidden">Messages, those given up first</caption>
              <thead>
                <tr>
                  <For each={['Message', 'Channel', 'Status']}>{(title) => <th scope="col">{title}</th>}</For>
                  <th scope="col">
                    <span class="visually-hidden">What to do</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                <Index each={data().deliveries}>
                  {(one) => (
                    <tr>
                      <th scope="row">
                        <A class="delivery-title" href={one().href.startsWith('/') ? one().href : '/channels'}>
                          {one().title}
                        </A>
                        <span class="note">
                          <time datetime={one().createdAt}>{formatInstant(one().createdAt)}</time>
                        </span>
                      </th>
                      <td data-label="Channel">{one().channelName}</td>
                      <td data-label="Status">
                        <div>
                          <span class={`badge ${STATUS[one().status][1]}`}>{STATUS[one().status][0]}</span>
                          <DeliveryWords of={one()} />
                        </div>
                      </td>
                      <td class="row-actions">
                        <Show when={props.mayWrite && one().status === 'dead'}>
                          <RowButton
                            name="Send again"
                            of={one().title}
                            isBusy={retry.isPending}
                            onClick={() => retry.mutate(one().id)}
                          />
                        </Show>
                      </td>
                    </tr>
                  )}
                </Index>
              </tbody>
            </table>
          </section>
          <Pager of="the messages" page={data()} onSkip={(next) => setParams({ page: next || null })} />
        </>
      )}
    </Panel>
  )
}

function DeliveryWords(props: { of: Delivery }) {
  return (
    <>
      <Show when={props.of.lastError}>
        <p class="note delivery-words">{props.of.lastError}</p>
      </Show>
      <Show when={props.of.nextAttemptAt}>
        {(at) => (
          <p class="note">
            {props.of.attempts === 0 ? 'Due since ' : `Tried ${props.of.attempts} ×, again from `}
            <time datetime={at()}>{formatInstant(at())}</time>
          </p>
        )}
      </Show>
    </>
  )
}
