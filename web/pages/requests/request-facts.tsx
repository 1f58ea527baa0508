import { A } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import { formatCountOf } from '../../format/count.ts'
import { RequestStatus } from './request-columns.tsx'
import { CACHE_WORDS, callerOf, formatMoment, formatMs, type RequestAlone } from './request-words.ts'
import { requestsOf } from './requests-question.ts'

/** What was asked of whom, and how it ended. Each name leads to the calls that share it. */
export function RequestFacts(props: { request: RequestAlone }) {
  const request = () => props.request
  return (
    <>
      <Show when={request().errorMessage || request().errorCode}>
        <p class="failure" role="note">
          {request().errorMessage} <code>{request().errorCode}</code>
        </p>
      </Show>
      <dl class="job-facts">
        <Fact title="Status">
          <RequestStatus status={request().status} />{' '}
          <Show when={request().httpStatus}>{(status) => <span class="note">HTTP {status()}</span>}</Show>
        </Fact>
        <Fact title="Came in">{formatMoment(request().createdAt)}</Fact>
        <Fact title="Model">
          <Door to={requestsOf({ model: request().model })}>{request().model}</Door>
          <Show when={request().servedModel !== request().model}>
            <span class="note"> served as {request().servedModel}</span>
          </Show>
        </Fact>
        <Fact title="Endpoint">
          {request().endpoint}
          {request().stream ? ', as a stream' : ''}
        </Fact>
        <Fact title="Team">
          <Show when={request().teamId} fallback="None: the whole company’s">
            {(id) => <Door to={requestsOf({ team_id: id() })}>{request().teamName ?? id()}</Door>}
          </Show>
        </Fact>
        <Fact title="Called by">
          <Door to={requestsOf({ key_id: request().keyId ?? '', user_id: request().userId ?? '' })}>
            {callerOf(request())}
          </Door>
          <Show when={request().endUser}>{(name) => <span class="note"> for {name()}</span>}</Show>
        </Fact>
        <Fact title="Backend">
          <Show when={request().backend} fallback="None was reached">
            <Door to={requestsOf({ backend: request().backend })}>{request().backend}</Door>
            <span class="note"> {request().provider}</span>
          </Show>
        </Fact>
        <Fact title="Store of answers">{CACHE_WORDS[request().cache]}</Fact>
      </dl>
    </>
  )
}

/** The way it took: tries, the first token, the end. */
export function RequestTimes(props: { request: RequestAlone }) {
  const request = () => props.request
  const first = () => request().ttftMs
  const rest = () => {
    const [all, start] = [request().latencyMs, first()]
    return all === null || start === null ? null : Math.max(0, all - start)
  }
  return (
    <>
      <p class="request-figure">
        {formatMs(request().latencyMs)}
        <span class="note">
          {request().retryCount === 0
            ? 'at the first try'
            : `after ${formatCountOf(request().retryCount, 'failed try', 'failed tries')}`}
        </span>
      </p>
      <Show when={rest() !== null}>
        <div class="request-bar" aria-hidden="true">
          <i style={{ 'flex-grow': first() ?? 0, background: 'var(--idle)' }} />
          <i style={{ 'flex-grow': rest() ?? 0, background: 'var(--series-3)' }} />
        </div>
        <ul class="request-legend">
          <li>
            <i class="swatch" style={{ background: 'var(--idle)' }} />
            First token after {formatMs(first())}
          </li>
          <li>
            <i class="swatch" style={{ background: 'var(--series-3)' }} />
            Then {formatMs(rest())} of answer
          </li>
        </ul>
      </Show>
      <Show when={request().endedAt === null}>
        <p class="note">Nobody heard its end.</p>
      </Show>
    </>
  )
}

function Fact(props: { title: string; children: JSX.Element }) {
  return (
    <div>
      <dt>{props.title}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

function Door(props: { to: string; children: JSX.Element }) {
  return (
    <Show when={props.to !== '/requests'} fallback={props.children}>
      <A class="link" href={props.to}>
        {props.children}
      </A>
    </Show>
  )
}
