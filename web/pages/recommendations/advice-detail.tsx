import { A } from '@solidjs/router'
import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, onMount, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { sayResult } from '../../components/results.ts'
import { formatInstant } from '../../format/day.ts'
import { formatUsd, formatUsdInTable } from '../../format/usd.ts'
import type { Advice } from '../recommendations.page.tsx'
import { DecideDialog } from './decide-dialog.tsx'
import { CONFIDENCE_WORDS, STATUS_WORDS, type Status } from './words.ts'

/** Where each goes from a status, and what the way there is called. */
const NEXT: Record<Status, readonly (readonly [Status, string])[]> = {
  open: [
    ['accepted', 'Accept'],
    ['dismissed', 'Dismiss'],
  ],
  accepted: [
    ['done', 'It is done'],
    ['open', 'Not now'],
    ['dismissed', 'Dismiss'],
  ],
  done: [['open', 'Reopen']],
  dismissed: [['open', 'Reopen']],
}

/** One piece of advice: what to do, how its saving was worked out, its rows, and what becomes of it. */
export function AdviceDetail(props: { of: Advice; how: string; mayDecide: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const [deciding, decide] = createSignal<{ status: Status; words: string } | null>(null)
  let heading!: HTMLHeadingElement
  onMount(() => heading.focus())
  const alone = useQuery(() => ({
    queryKey: ['recommendations.get', props.of.key],
    queryFn: () => api.recommendations.get.query({ key: props.of.key }),
    enabled: props.mayDecide,
  }))
  const settle = () => {
    void client.invalidateQueries({ queryKey: ['analytics.recommendations'] })
    void client.invalidateQueries({ queryKey: ['recommendations.get'] })
  }
  const verify = useMutation(() => ({
    mutationFn: () => api.recommendations.verify.mutate({ key: props.of.key }),
    onSuccess: ({ verified }) => sayResult(`The ledger says ${formatUsd(verified?.savingUsd ?? null)} a month.`),
    onSettled: settle,
  }))
  const isCounted = () => props.of.status === 'open' || props.of.status === 'accepted'
  const close = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && deciding() === null) props.onClose()
  }
  return (
    <section class="panel advice-detail" aria-label="Recommendation" onKeyDown={close}>
      <header class="panel-head">
        <h2 ref={heading} tabindex={-1}>
          {props.of.title}
        </h2>
        <div class="panel-actions">
          <span class={`badge ${STATUS_WORDS[props.of.status][1]}`}>{STATUS_WORDS[props.of.status][0]}</span>
          <button type="button" class="button is-quiet" onClick={() => props.onClose()}>
            Close
          </button>
        </div>
      </header>
      <div class="panel-body advice-body">
        <p class="advice-action">{props.of.action}.</p>
        <Show when={!props.of.isStillFound}>
          <p class="note">
            The data of the last days bears it out no more. It is shown as it stood when it was decided.
          </p>
        </Show>
        <Show when={props.of.cameBack}>
          <p class="note">
            It was dismissed at {formatUsd(props.of.decision?.savingUsd ?? null)} a month. Its saving has doubled since.
          </p>
        </Show>
        <dl class="advice-facts">
          <div>
            <dt>Saving a month</dt>
            <dd>
              <b>{formatUsd(props.of.savingUsd)}</b>
              <Show when={isCounted() && props.of.countedUsd !== props.of.savingUsd}>
                <span class="note">
                  {' '}
                  {formatUsd(props.of.countedUsd)} of it in the total: the rest other advice saves as well
                </span>
              </Show>
            </dd>
          </div>
          <div>
            <dt>How it was worked out</dt>
            <dd>
              {props.of.formula}. From {props.of.start} to {props.of.end}: {formatUsd(props.of.windowSavingUsd)}.
            </dd>
          </div>
          <div>
            <dt>{CONFIDENCE_WORDS[props.of.confidence]}</dt>
            <dd>{props.of.because}.</dd>
          </div>
          <div>
            <dt>This kind</dt>
            <dd>{props.how}</dd>
          </div>
          <Show when={props.of.decision}>
            {(decision) => (
              <div>
                <dt>Decided</dt>
                <dd>
                  {STATUS_WORDS[decision().status][0]} by {decision().by} on{' '}
                  <time datetime={decision().decidedAt}>{formatInstant(decision().decidedAt)}</time>
                  {decision().note ? `: ${decision().note}` : ''}
                </dd>
              </div>
            )}
          </Show>
          <Show when={props.of.status === 'done'}>
            <div>
              <dt>Verified</dt>
              <dd>
                <Show
                  when={props.of.verified}
                  fallback="Not yet: it takes 7 complete days with a bill after it was done."
                >
                  {(verified) => (
                    <>
                      <b>{formatUsd(verified().savingUsd)}</b> a month: {formatUsd(verified().beforePerDayUsd)} a day
                      before, {formatUsd(verified().sincePerDayUsd)} a day from {verified().start} to {verified().end}.
                    </>
                  )}
                </Show>
              </dd>
            </div>
          </Show>
        </dl>
        <Show when={verify.error}>{(error) => <FailureNote title="Not checked" error={error()} />}</Show>
        <Show when={props.mayDecide}>
          <div class="advice-actions">
            <For each={NEXT[props.of.status]}>
              {([status, words], at) => (
                <button
                  type="button"
                  class={`button ${at() === 0 ? 'is-primary' : ''}`}
                  disabled={alone.isPending}
                  onClick={() => decide({ status, words })}
                >
                  {words}
                </button>
              )}
            </For>
            <Show when={props.of.status === 'done'}>
              <button type="button" class="button" disabled={verify.isPending} onClick={() => verify.mutate()}>
                {verify.isPending ? 'One moment…' : 'Check the saving'}
              </button>
            </Show>
          </div>
        </Show>
        <section class="table-scroll" tabindex="0" aria-label="Rows it rests on">
          <table>
            <caption class="visually-hidden">Rows it rests on</caption>
            <thead>
              <tr>
                <th scope="col">Row</th>
                <th scope="col">What it says</th>
                <th scope="col" class="number">
                  GPU-hours
                </th>
                <th scope="col" class="number">
                  Cost
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={props.of.evidence}>
                {(row) => (
                  <tr>
                    <th scope="row">
                      <A class="link" href={row.href}>
                        {row.what}
                      </A>
                    </th>
                    <td>{row.note}</td>
                    <td class="number">{row.gpuHours === null ? '–' : Number(row.gpuHours).toFixed(1)}</td>
                    <td class="number">{row.costUsd === null ? '–' : formatUsdInTable(row.costUsd)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </section>
        <p>
          <A class="link" href={props.of.href}>
            All rows behind it
          </A>
        </p>
      </div>
      <Show when={deciding()}>
        {(now) => (
          <DecideDialog
            of={props.of}
            version={alone.data?.version}
            status={now().status}
            words={now().words}
            onReload={settle}
            onDone={settle}
            onClose={() => decide(null)}
          />
        )}
      </Show>
    </section>
  )
}
