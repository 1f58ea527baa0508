import { A, useParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api, statusOf } from '../api.ts'
import { CopyField } from '../components/copy-field.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { RequestCost } from './requests/request-cost.tsx'
import { RequestFacts, RequestTimes } from './requests/request-facts.tsx'
import { WordsSaid } from './requests/request-words-said.tsx'
import { TokenBar } from './requests/token-bar.tsx'

/** A call that has just ended reaches its meter a moment after its answer. */
const MOST_TRIES = 4

/** One call: what was asked of whom, the way it took, what it cost and why. */
export default function RequestPage() {
  const { requestId } = useParams<{ requestId: string }>()
  const request = useQuery(() => ({
    queryKey: ['requests.get', requestId],
    queryFn: () => api.requests.get.query({ id: requestId }),
    retry: (failures: number, error: Error) => statusOf(error) === 404 && failures < MOST_TRIES,
  }))
  const known = () => (request.isPending || request.isError ? undefined : request.data)
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <p class="note">
            <A class="link" href="/requests">
              All requests
            </A>
          </p>
          <PageHeading title={known() ? `Request to ${known()?.model}` : 'Request'} />
        </div>
      </div>
      <Panel title="The request" query={request} minHeight={260} isEmpty={() => false} empty={undefined}>
        {(data) => (
          <>
            <RequestFacts request={data()} />
            <CopyField
              class="is-command"
              label="Request id, as in the answer’s x-request-id"
              text={data().id}
              copy="Copy the request id"
            />
          </>
        )}
      </Panel>
      <Show when={known()}>
        {(data) => (
          <>
            <div class="request-columns">
              <section class="panel" aria-label="Time">
                <h2>Time</h2>
                <RequestTimes request={data()} />
              </section>
              <section class="panel" aria-label="Cost">
                <h2>Cost</h2>
                <RequestCost request={data()} />
              </section>
            </div>
            <section class="panel" aria-label="Tokens">
              <h2>Tokens</h2>
              <TokenBar request={data()} />
            </section>
            <section class="panel" aria-label="Parameters">
              <h2>Parameters</h2>
              <Show
                when={data().parameters !== '{}'}
                fallback={<p class="note">None beside the model and the words.</p>}
              >
                <pre class="request-parameters">{JSON.stringify(JSON.parse(data().parameters), null, 2)}</pre>
              </Show>
            </section>
            <section class="panel" aria-label="What was said">
              <h2>What was said</h2>
              <WordsSaid request={data()} />
            </section>
          </>
        )}
      </Show>
    </div>
  )
}
