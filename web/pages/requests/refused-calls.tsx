import { useQuery } from '@tanstack/solid-query'
import { Index, Show } from 'solid-js'
import { api } from '../../api.ts'
import type { Days } from '../../choice/range.ts'
import { formatCount } from '../../format/count.ts'
import { askerOf, type Refused, reasonOf, refusedWords } from './refusal-words.ts'
import { formatMoment } from './request-words.ts'
import { type RequestChoice, requestsQuestion } from './requests-question.ts'

const LOOK_MS = 10_000
/** What only a call has that was made: where it narrows the list, refused ones are not meant. */
const OF_MADE_CALLS = ['backend', 'status', 'cost_grade', 'cache', 'min_cost_usd', 'min_latency_ms'] as const

/** Calls that the gateway refused before any backend was asked: counted, and not in the list. Nothing where there are none. */
export function RefusedCalls(props: { chosen: RequestChoice; days: Days }) {
  const isMeant = () => OF_MADE_CALLS.every((name) => props.chosen[name] === '')
  const question = () => {
    const { teamId, keyId, userId, model } = requestsQuestion(props.chosen, props.days)
    const set = Object.entries({ teamId, keyId, userId, model }).filter(([, value]) => value !== undefined)
    return { ...props.days, ...Object.fromEntries(set) }
  }
  const refused = useQuery(() => ({
    queryKey: ['requests.refused', question()],
    queryFn: () => api.requests.refused.query(question()),
    enabled: isMeant(),
    refetchInterval: LOOK_MS,
  }))
  const some = () => {
    const data = isMeant() && !refused.isPending ? refused.data : undefined
    return data && data.callCount > 0 ? data : undefined
  }
  return <Show when={some()}>{(data) => <Counted of={data()} />}</Show>
}

function Counted(props: { of: Refused }) {
  const last = () => props.of.refusals[0]
  return (
    <section class="panel" id="refused-calls" aria-labelledby="refused-title">
      <header class="panel-head">
        <h2 id="refused-title">{refusedWords(props.of)}</h2>
      </header>
      <p class="note">
        No backend was asked and nothing was spent, so these calls are counted by hour and not listed one by one.
        <Show when={last()}>
          {(one) => (
            <>
              {' '}
              The last: <code class="request-id">{one().lastRequestId}</code> on{' '}
              <time datetime={one().lastAt}>{formatMoment(one().lastAt)}</time>.
            </>
          )}
        </Show>
      </p>
      <details>
        <summary>Who was refused, and why</summary>
        <section class="table-scroll" tabindex="0" aria-label="Refused calls by caller and reason">
          <table class="is-cards">
            <caption class="visually-hidden">Refused calls by caller and reason, the latest first</caption>
            <thead>
              <tr>
                <th scope="col">Called by</th>
                <th scope="col">Model</th>
                <th scope="col" class="number">
                  Calls
                </th>
                <th scope="col">Why, as the last one was told</th>
                <th scope="col">Last</th>
              </tr>
            </thead>
            <tbody>
              <Index each={props.of.refusals}>
                {(row) => (
                  <tr>
                    <th scope="row">
                      {askerOf(row())}
                      <Show when={row().teamName}>{(name) => <span class="note">{name()}</span>}</Show>
                    </th>
                    <td data-label="Model">{row().model || <span class="muted">–</span>}</td>
                    <td data-label="Calls" class="number">
                      {formatCount(row().callCount)} {reasonOf(row().code)}
                    </td>
                    <td data-label="Why" class="reason">
                      {row().lastMessage}
                    </td>
                    <td data-label="Last">
                      <time datetime={row().lastAt}>{formatMoment(row().lastAt)}</time>{' '}
                      <code class="request-id">{row().lastRequestId}</code>
                    </td>
                  </tr>
                )}
              </Index>
            </tbody>
          </table>
        </section>
      </details>
    </section>
  )
}
