import { A } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import { For, Index, Show } from 'solid-js'
import { api } from '../../api.ts'
import { ActionMenu } from '../../components/action-menu.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { HowComputed } from '../../components/how-computed.tsx'
import { sayResult } from '../../components/results.ts'
import { RowButton } from '../../components/row-buttons.tsx'
import { formatAgo } from '../../format/ago.ts'
import { formatInstant } from '../../format/day.ts'
import type { Opened } from './alert-dialogs.tsx'
import { useSettled } from './queries.ts'
import { type Alert, type Kind, SEVERITY_WORDS, SILENCES } from './words.ts'

/** What fires now or is about to: how grave, since when, its figure, the way to it, and what may be done about it. */
export function FiringList(props: {
  alerts: readonly Alert[]
  kinds: readonly Kind[]
  mayWrite: boolean
  onOpen: (opened: Opened) => void
}) {
  const settle = useSettled()
  const silence = useMutation(() => ({
    mutationFn: ({ alert, minutes }: { alert: Alert; minutes: number }) =>
      api.alerts.silence.mutate({ alertId: alert.id, minutes }),
    onSuccess: ({ endsAt }) => sayResult(`Silenced until ${formatInstant(endsAt)}.`),
    onSettled: settle,
  }))
  const describes = (kind: string) => props.kinds.find((one) => one.kind === kind)?.describes ?? ''
  return (
    <>
      <Show when={silence.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
      <ul class="alerts">
        <Index each={props.alerts}>
          {(alert) => (
            <li class="alert" data-severity={alert().status === 'firing' ? alert().severity : undefined}>
              <div class="alert-head">
                <Badges of={alert()} />
                <span class="note">
                  since <time datetime={alert().startedAt}>{formatInstant(alert().startedAt)}</time>,{' '}
                  {formatAgo(alert().startedAt, new Date().toISOString())}
                </span>
              </div>
              <p class="alert-title">
                <A href={alert().href}>{alert().title}</A>
              </p>
              <Show when={alert().text}>
                <p>{alert().text}</p>
              </Show>
              <dl class="alert-facts">
                <For each={alert().facts}>
                  {({ name, value }) => (
                    <div>
                      <dt>{name}</dt>
                      <dd>{value}</dd>
                    </div>
                  )}
                </For>
              </dl>
              <div class="alert-foot">
                <span class="note">
                  {alert().ruleName}
                  {alert().teamName ? ` · ${alert().teamName}` : ''}
                  {alert().acknowledgedBy ? ` · acknowledged by ${alert().acknowledgedBy}` : ''}
                </span>
                <HowComputed
                  figure="this alert"
                  formula={describes(alert().kind)}
                  facts={[...alert().facts.map(({ name, value }) => [name, value] as const)]}
                  doors={[['Where to look', alert().href]]}
                />
                <span class="alert-actions">
                  <Show when={props.mayWrite}>
                    <RowButton
                      name={alert().acknowledgedAt ? 'Comment' : 'Acknowledge'}
                      of={alert().title}
                      onClick={() => props.onOpen({ dialog: 'acknowledge', alert: alert() })}
                    />
                    <ActionMenu
                      button="Silence"
                      label={`Silence ${alert().title}`}
                      class="button is-quiet"
                      actions={SILENCES.map(([words, minutes]) => ({
                        words: `For ${words}`,
                        run: () => silence.mutate({ alert: alert(), minutes }),
                      }))}
                    />
                    <RowButton
                      name="Close"
                      of={alert().title}
                      onClick={() => props.onOpen({ dialog: 'resolve', alert: alert() })}
                    />
                  </Show>
                  <RowButton
                    name="History"
                    of={alert().title}
                    onClick={() => props.onOpen({ dialog: 'history', id: alert().id })}
                  />
                </span>
              </div>
            </li>
          )}
        </Index>
      </ul>
    </>
  )
}

function Badges(props: { of: Alert }) {
  return (
    <span class="alert-badges">
      <span class={`badge ${SEVERITY_WORDS[props.of.severity][1]}`}>{SEVERITY_WORDS[props.of.severity][0]}</span>
      <Show when={props.of.status === 'pending'}>
        <span class="badge">Pending</span>
      </Show>
      <Show when={props.of.silenceEndsAt}>
        {(until) => <span class="badge">Silent until {formatInstant(until())}</span>}
      </Show>
    </span>
  )
}
