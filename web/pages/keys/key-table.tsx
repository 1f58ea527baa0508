import { A } from '@solidjs/router'
import { For, Index, Show } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import type { Answers } from '../../api.ts'
import { formatCount } from '../../format/count.ts'
import { formatDays, formatInstant } from '../../format/day.ts'
import { formatUsd } from '../../format/usd.ts'
import { requestsOf } from '../requests/requests-question.ts'
import type { Opened } from './key-dialogs.tsx'
import { lastDayOf } from './key-form.ts'

export type Key = Answers['keys']['get']

const STATUS = {
  active: ['Active', 'is-good'],
  expired: ['Expired', 'is-warning'],
  revoked: ['Revoked', 'is-bad'],
} as const

/**
 * Every key in a row; whoever may manage them finds the buttons at its end. Rows go by place: one that changed keeps its
 * buttons, and so the focus that a dialog gives back.
 */
export function KeyTable(props: { keys: readonly Key[]; mayWrite: boolean; onOpen: (dialog: Opened) => void }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="API keys">
      <table class="keys is-cards">
        <caption class="visually-hidden">API keys, newest first</caption>
        <thead>
          <tr>
            <For each={['Key', 'Status', 'Team', 'Scopes', 'Limits', 'Expires', 'Last used']}>
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
          <Index each={props.keys}>
            {(key) => (
              <tr>
                <th scope="row">
                  <A class="link key-name" href={requestsOf({ key_id: key().id })} title={`Calls by ${key().name}`}>
                    {key().name}
                  </A>
                  <code class="note">{key().prefix}…</code>
                </th>
                <td data-label="Status">
                  <span class={`badge ${STATUS[key().status][1]}`}>{STATUS[key().status][0]}</span>
                </td>
                <td data-label="Team">{key().teamName ?? 'Whole company'}</td>
                <td data-label="Scopes">{key().scopes.join(', ')}</td>
                <td data-label="Limits">
                  <Limits of={key()} />
                </td>
                <td data-label="Expires" class="nowrap">
                  <div>
                    <Expiry at={key().expiresAt} />
                    <Grace of={key()} />
                  </div>
                </td>
                <td data-label="Last used" class="nowrap">
                  <When at={key().usedAt} none="Never" />
                </td>
                <Show when={props.mayWrite}>
                  <td class="row-actions">
                    <Show when={key().status !== 'revoked'}>
                      <Action name="Edit" of={key()} onClick={() => props.onOpen({ dialog: 'edit', key: key() })} />
                      <Show when={key().status === 'active'}>
                        <Action
                          name="Rotate"
                          of={key()}
                          onClick={() => props.onOpen({ dialog: 'rotate', key: key() })}
                        />
                      </Show>
                      <Action name="Revoke" of={key()} onClick={() => props.onOpen({ dialog: 'revoke', key: key() })} />
                    </Show>
                  </td>
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}

function Action(props: { name: string; of: Key; onClick: () => void }) {
  return (
    <button
      type="button"
      class="button is-quiet"
      aria-label={`${props.name} ${props.of.name} (${props.of.prefix}…)`}
      onClick={() => props.onClick()}
    >
      {props.name}
    </button>
  )
}

function Limits(props: { of: Key }) {
  return (
    <ul>
      <li class="nowrap">{props.of.rpm === null ? 'Default rate' : `${formatCount(props.of.rpm)} a minute`}</li>
      <Show when={props.of.tpm}>{(tpm) => <li class="nowrap">{formatCount(tpm())} tokens a minute</li>}</Show>
      <Show when={props.of.monthlyLimitUsd}>
        {(limit) => (
          <li class="nowrap">
            {formatUsd(props.of.monthSpentUsd)} of {formatUsd(limit())} a month
          </li>
        )}
      </Show>
      <Show when={props.of.models}>{(models) => <li>{models().join(', ')} only</li>}</Show>
    </ul>
  )
}

/** That the characters before the last rotation still work is easily forgotten. */
function Grace(props: { of: Key }) {
  const until = () => {
    const { previousExpiresAt, status } = props.of
    return status === 'active' && previousExpiresAt && Date.parse(previousExpiresAt) > Date.now()
      ? previousExpiresAt
      : null
  }
  return <Show when={until()}>{(at) => <p class="note">Old key works until {formatInstant(at())}</p>}</Show>
}

/** A key that ends with a UTC day shows that day, its last; one that ends within a day, the instant. */
function Expiry(props: { at: string | null }) {
  const last = () => (props.at?.endsWith('T00:00:00.000Z') ? (lastDayOf(props.at) as Day) : undefined)
  return (
    <Show when={last()} fallback={<When at={props.at} none="Never" />}>
      {(day) => <time datetime={props.at ?? ''}>{formatDays(day(), day())}</time>}
    </Show>
  )
}

function When(props: { at: string | null; none: string }) {
  return (
    <Show when={props.at} fallback={<span class="muted">{props.none}</span>}>
      {(at) => <time datetime={at()}>{formatInstant(at())}</time>}
    </Show>
  )
}
