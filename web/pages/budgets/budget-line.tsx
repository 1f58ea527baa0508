import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatCount, formatCountOf } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { formatUsdExact } from '../../format/usd.ts'

export type Budget = Answers['budgets']['get']

/** Whose budget it is, in a few words. */
export function nameOf({ scope, name, scopeId }: Pick<Budget, 'scope' | 'name' | 'scopeId'>): string {
  if (scope === 'company') return 'Whole company'
  const kind = { team: 'Team', user: 'Person', key: 'Key', model: 'Model' }[scope]
  return `${kind} ${name ?? `${scopeId} (removed)`}`
}

/** One budget as a bar: spent, held by calls under way, and what was told of it. */
export function BudgetLine(props: {
  of: Budget
  mayWrite: boolean
  onOpen: (dialog: 'edit' | 'remove', id: string) => void
}) {
  const isUsd = () => props.of.limitUsd !== null
  const spent = () => (isUsd() ? formatUsdExact(props.of.spentUsd) : formatCount(props.of.spentTokens))
  const limit = () =>
    isUsd() ? formatUsdExact(props.of.limitUsd ?? '0') : `${formatCount(props.of.limitTokens ?? 0)} tokens`
  const held = () => {
    const { heldUsd, heldTokens } = props.of
    if (isUsd()) return Number(heldUsd) > 0 ? formatUsdExact(heldUsd) : null
    return heldTokens > 0 ? `${formatCount(heldTokens)} tokens` : null
  }
  const heldWidth = () => {
    const { limitUsd, heldUsd, limitTokens, heldTokens } = props.of
    const all = isUsd() ? Number(limitUsd) : Number(limitTokens)
    return all > 0 ? ((isUsd() ? Number(heldUsd) : heldTokens) / all) * 100 : 0
  }
  const percent = () => props.of.spentPercent ?? 100
  const width = () => Math.min(100, percent())
  const state = () => (percent() >= 100 ? 'is-over' : percent() >= 80 ? 'is-fast' : 'is-within')
  const period = () => (props.of.period === 'day' ? 'a day' : 'a month')
  const last = () => props.of.alerts.at(-1)
  return (
    <li class={state()}>
      <div class="budget-line">
        <strong class="budget-name">{nameOf(props.of)}</strong>
        <span class={`badge ${percent() >= 100 ? 'is-bad' : percent() >= 80 ? 'is-warning' : ''}`}>
          {props.of.mode === 'hard' ? 'Hard' : 'Soft'}
        </span>
        <Show when={props.of.refused}>
          <span class="badge is-bad">Refusing calls</span>
        </Show>
        <span class="budget-cost">
          {spent()}{' '}
          <span class="muted">
            of {limit()} {period()}
          </span>
        </span>
      </div>
      <div class="budget-track" aria-hidden="true">
        <div style={{ width: `${width()}%` }} />
        <div class="is-held" style={{ width: `${Math.min(100 - width(), heldWidth())}%` }} />
      </div>
      <div class="budget-foot">
        <p class="note">
          {props.of.spentPercent === null ? 'A budget of nothing' : `${props.of.spentPercent} % spent`}
          <Show when={held()}>{(amount) => <>, {amount()} held by calls under way</>}</Show>
          <Show when={last()}>
            {(alert) => (
              <>
                , passed {alert().percent} % on <time datetime={alert().toldAt}>{formatInstant(alert().toldAt)}</time>
              </>
            )}
          </Show>
          . Begins again on <time datetime={props.of.beginsAgainAt}>{formatInstant(props.of.beginsAgainAt)}</time>.
        </p>
        <Show when={props.of.refused}>
          {(refused) => (
            <p class="note">
              Refusing calls since <time datetime={refused().sinceAt}>{formatInstant(refused().sinceAt)}</time>:{' '}
              <A class="link" href="/requests#refused-calls">
                {formatCountOf(refused().callCount, 'call')}
              </A>
              , the last on <time datetime={refused().lastAt}>{formatInstant(refused().lastAt)}</time>. What is left is
              kept for calls that cost no more.
            </p>
          )}
        </Show>
        <Show when={props.mayWrite}>
          <div class="row-actions">
            <For each={['edit', 'remove'] as const}>
              {(what) => (
                <button
                  type="button"
                  class="button is-quiet"
                  aria-label={`${what === 'edit' ? 'Edit' : 'Remove'} the budget of ${nameOf(props.of)}, ${limit()} ${period()}`}
                  onClick={() => props.onOpen(what, props.of.id)}
                >
                  {what === 'edit' ? 'Edit' : 'Remove'}
                </button>
              )}
            </For>
          </div>
        </Show>
      </div>
    </li>
  )
}
