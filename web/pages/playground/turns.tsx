import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { api, failureOf, statusOf } from '../../api.ts'
import { formatTokens } from '../../format/count.ts'
import { formatUsdExact } from '../../format/usd.ts'
import { formatMs } from '../requests/request-words.ts'
import type { Answered } from './ask-model.ts'

/** A question and what came of it. */
export type Turn = {
  id: number
  question: string
  answer: string
  /** Null while it comes, and where it was refused. */
  ended: Answered | null
  error: unknown
}

/** What was asked and answered so far, the newest last. */
export function Turns(props: { turns: readonly Turn[] }) {
  return (
    <ol class="turns">
      <For each={props.turns.map(({ id }) => id)}>
        {(id) => {
          const turn = () => props.turns.find((one) => one.id === id)
          return <Show when={turn()}>{(known) => <OneTurn turn={known()} />}</Show>
        }}
      </For>
    </ol>
  )
}

function OneTurn(props: { turn: Turn }) {
  const isComing = () => props.turn.ended === null && props.turn.error === null
  return (
    <li class="turn">
      <p class="turn-question">
        <span class="turn-who">You</span>
        <span class="turn-text">{props.turn.question}</span>
      </p>
      <div class="turn-answer" aria-busy={isComing()}>
        <span class="turn-who">Answer</span>
        <span class="turn-text">
          {props.turn.answer}
          <Show when={isComing()}>
            <i class="turn-caret" aria-hidden="true" />
          </Show>
        </span>
        <Show when={props.turn.error}>{(error) => <Refused error={error()} />}</Show>
        <Show when={props.turn.ended}>{(ended) => <Ended ended={ended()} />}</Show>
      </div>
    </li>
  )
}

function Refused(props: { error: unknown }) {
  const failure = () => failureOf(props.error)
  return (
    <div class="failure">
      <p class="failure-title">{titleOf(statusOf(props.error), failure().code)}</p>
      <p>{failure().message}</p>
      <p class="note">
        Code <code>{failure().code}</code>
      </p>
    </div>
  )
}

function titleOf(status: number | null, code: string): string {
  if (code === 'insufficient_quota') return 'No room in the budget'
  if (code === 'rate_limit_exceeded') return 'Too many calls'
  if (code === 'model_not_found') return 'No such model'
  if (status === 401) return 'Your session has ended: sign in again'
  if (status === 403) return 'Not open to you'
  if (status !== null && status >= 500) return 'The backend gave no answer'
  return 'The call was refused'
}

/** What the call took: tokens and times as they were seen here, its cost from the record of it. */
function Ended(props: { ended: Answered }) {
  const request = useQuery(() => ({
    queryKey: ['requests.get', props.ended.requestId],
    queryFn: () => api.requests.get.query({ id: props.ended.requestId }),
    enabled: props.ended.requestId !== '',
    // It is there a moment after its last word.
    retry: (failures: number, error: Error) => statusOf(error) === 404 && failures < 5,
  }))
  const known = () => (request.isPending || request.isError ? undefined : request.data)
  const tokens = () => {
    const { usage } = props.ended
    const [prompt, completion] = usage
      ? [usage.promptTokens, usage.completionTokens]
      : [known()?.promptTokens ?? null, known()?.completionTokens ?? null]
    return `${formatTokens(prompt)} + ${formatTokens(completion)} tokens`
  }
  return (
    <>
      <Show when={props.ended.problem}>{(words) => <p class="field-problem">{words()}</p>}</Show>
      <p class="turn-facts">
        <Show when={props.ended.isStopped}>
          <span class="badge is-warning">Stopped</span>
        </Show>
        <span>{tokens()}</span>
        <span>
          <Show when={known()} fallback={request.isError ? 'cost not known yet' : 'cost …'}>
            {(data) => (data().costUsd === null ? 'unpriced' : formatUsdExact(data().costUsd))}
          </Show>
        </span>
        <Show when={props.ended.firstTokenMs !== null}>
          <span>first token {formatMs(Math.round(props.ended.firstTokenMs ?? 0))}</span>
        </Show>
        <span>{formatMs(Math.round(props.ended.totalMs))}</span>
        <Show when={props.ended.requestId}>
          {(id) => (
            <A class="link" href={`/requests/${id()}`}>
              The request
            </A>
          )}
        </Show>
      </p>
    </>
  )
}
