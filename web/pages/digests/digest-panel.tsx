import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { HowComputed } from '../../components/how-computed.tsx'
import { changeOf } from '../../format/change.ts'
import { formatCountOf } from '../../format/count.ts'
import { formatDays, formatFullDay } from '../../format/day.ts'
import { rowMeaning, rowName } from '../../format/row-name.ts'
import { formatUsd } from '../../format/usd.ts'

export type Digest = Answers['digests']['preview']
type Windowed = Digest['windows'][number]

const WINDOWS = { day: 'The day', week: 'The week', last7: 'Last 7 days', last30: 'Last 30 days' } as const

/** A digest as its readers get it, with the way to the rows behind each figure. */
export function DigestPanel(props: { digest: Digest }) {
  return (
    <div class="digest">
      <p class="digest-title">{props.digest.message.title}</p>
      <Show when={props.digest.message.text}>{(text) => <p class="note">{text()}</p>}</Show>
      <dl class="cards">
        <For each={props.digest.windows}>{(window) => <WindowCard of={window} />}</For>
        <MonthCard of={props.digest} />
      </dl>
      <HowComputed
        figure="the digest"
        formula="Effective cost by allocation of exactly these days, beside as many days just before."
        facts={[
          ['Days', formatDays(props.digest.start, props.digest.end)],
          [
            'Billed through',
            props.digest.billedThroughDay ? formatFullDay(props.digest.billedThroughDay) : 'nothing yet',
          ],
          ['Lines', 'Sum to the cost of the period, what nobody was charged included'],
        ]}
        doors={props.digest.windows.map(({ name, href }) => [WINDOWS[name], href] as const)}
      />
      <Lines of={props.digest} />
      <Budgets of={props.digest} />
      <section>
        <h3>What stood out</h3>
        <Show when={props.digest.findings.length > 0} fallback={<p class="note">Nothing that fires now.</p>}>
          <ul class="digest-findings">
            <For each={props.digest.findings}>
              {({ severity, title, href }) => (
                <li>
                  <span class={`badge ${severity === 'info' ? '' : severity === 'critical' ? 'is-bad' : 'is-warning'}`}>
                    {severity}
                  </span>{' '}
                  <A href={href}>{title}</A>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </section>
      <Show when={props.digest.tokens}>
        {(tokens) => (
          <section>
            <h3>Metered calls</h3>
            <p>
              <A href={tokens().href}>
                {formatCountOf(tokens().requestCount, 'call')}, {formatUsd(tokens().costUsd)}
              </A>
              <Show when={tokens().totalTokens !== null}> for {formatCountOf(tokens().totalTokens, 'token')}</Show>
              <Show when={tokens().unpricedTokens > 0}>
                ; {formatCountOf(tokens().unpricedTokens, 'token')} without a price
              </Show>
            </p>
          </section>
        )}
      </Show>
    </div>
  )
}

function WindowCard(props: { of: Windowed }) {
  const change = () => {
    const { costUsd, previousCostUsd } = props.of
    return costUsd === null || previousCostUsd === null ? null : changeOf(costUsd, previousCostUsd)
  }
  return (
    <div class="card">
      <dt>{WINDOWS[props.of.name]}</dt>
      <dd class="card-value">
        <Show when={props.of.costUsd !== null} fallback={<span class="muted">Not billed yet</span>}>
          <A class="figure-door" href={props.of.href}>
            {formatUsd(props.of.costUsd)}
          </A>
        </Show>
      </dd>
      <dd class="card-note">
        <span>
          {formatDays(props.of.start, props.of.end)}
          <Show when={change()}>{(found) => <>, {found().words}</>}</Show>
          <Show when={props.of.costUsd !== null && props.of.previousCostUsd === null}>
            , not enough history to compare
          </Show>
          <Show when={props.of.costUsd !== null && !props.of.isComplete}>, not complete</Show>
        </span>
      </dd>
    </div>
  )
}

function MonthCard(props: { of: Digest }) {
  return (
    <div class="card">
      <dt>Month to date</dt>
      <dd class="card-value">
        <Show when={props.of.monthToDate} fallback={<span class="muted">Not billed yet</span>}>
          {(month) => (
            <A class="figure-door" href={month().href}>
              {formatUsd(month().costUsd)}
            </A>
          )}
        </Show>
      </dd>
      <dd class="card-note">
        <span>
          <Show when={props.of.monthToDate} fallback="The bill has not come so far.">
            {(month) => <>{formatDays(month().start, month().end)}</>}
          </Show>
        </span>
      </dd>
    </div>
  )
}

function Lines(props: { of: Digest }) {
  return (
    <Show when={props.of.lines.length > 0}>
      <section class="table-scroll" tabindex="0" aria-label={props.of.linesBy === 'team' ? 'Teams' : 'Models'}>
        <table>
          <caption class="visually-hidden">Cost of the period, dearest first</caption>
          <thead>
            <tr>
              <th scope="col">{props.of.linesBy === 'team' ? 'Team' : 'Model'}</th>
              <th scope="col" class="number">
                Cost
              </th>
              <th scope="col" class="number">
                Before
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.of.lines}>
              {(line) => (
                <tr>
                  <th scope="row" title={rowMeaning(line.kind) ?? undefined}>
                    {rowName(line)}
                  </th>
                  <td class="number">
                    <A href={line.href}>{formatUsd(line.costUsd)}</A>
                  </td>
                  <td class="number">{formatUsd(line.previousCostUsd)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </Show>
  )
}

function Budgets(props: { of: Digest }) {
  return (
    <Show when={props.of.monthToDate?.budgets.length}>
      <section class="table-scroll" tabindex="0" aria-label="Budgets of the month">
        <table>
          <caption class="visually-hidden">Monthly budgets, the fullest first</caption>
          <thead>
            <tr>
              <th scope="col">Budget of the month</th>
              <th scope="col" class="number">
                Spent
              </th>
              <th scope="col" class="number">
                Budget
              </th>
              <th scope="col" class="number">
                Used
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.of.monthToDate?.budgets ?? []}>
              {(budget) => (
                <tr>
                  <th scope="row">{budget.name}</th>
                  <td class="number">
                    <A href={budget.href}>{formatUsd(budget.costUsd)}</A>
                  </td>
                  <td class="number">{formatUsd(budget.budgetUsd)}</td>
                  <td class="number">{budget.percent === null ? '–' : `${budget.percent}%`}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </Show>
  )
}
