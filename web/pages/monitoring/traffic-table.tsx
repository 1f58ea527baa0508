import { A } from '@solidjs/router'
import { createMemo, For, Index, Show } from 'solid-js'
import { formatCount } from '../../format/count.ts'
import { ratePerMinute, secondsText, shareText, type Traffic } from './traffic-words.ts'

type Seen = { traffic: Traffic; at: string }

/** Requests by method and endpoint: how many, how many a minute while this page is open, how many failed, how long they took. */
export function TrafficTable(props: { traffic: Traffic; at: string }) {
  const first = createMemo<Seen>((known) => known ?? { traffic: props.traffic, at: props.at })
  const before = (method: string, endpoint: string) =>
    first().traffic.endpoints.find((one) => one.method === method && one.endpoint === endpoint)?.requestCount ?? 0
  const rate = (now: number, then: number) => ratePerMinute(now - then, first().at, props.at)
  return (
    <>
      <p class="note">
        {formatCount(props.traffic.requestCount)} requests so far,{' '}
        {rate(props.traffic.requestCount, first().traffic.requestCount)} a minute since this page was opened;{' '}
        {shareText(props.traffic.errorCount, props.traffic.requestCount)} failed. The database has answered{' '}
        {formatCount(props.traffic.database.roundTripCount)} times, 95 % of them within{' '}
        {secondsText(props.traffic.database.p95Seconds)}. <A href="/alerts">Alerts and their rules</A>
      </p>
      <Show when={props.traffic.endpoints.length > 0} fallback={<p class="note">Nothing has been counted yet.</p>}>
        <section class="table-scroll" tabindex="0" aria-label="Requests">
          <table class="checks is-cards">
            <caption class="visually-hidden">Requests by method and endpoint</caption>
            <thead>
              <tr>
                <th scope="col">Endpoint</th>
                <For each={['Requests', 'A minute', 'Failed', 'p50', 'p95', 'p99']}>
                  {(head) => (
                    <th scope="col" class="number">
                      {head}
                    </th>
                  )}
                </For>
              </tr>
            </thead>
            <tbody>
              <Index each={props.traffic.endpoints}>
                {(one) => (
                  <tr>
                    <th scope="row">
                      {one().method} {one().endpoint}
                    </th>
                    <td data-label="Requests" class="number">
                      {formatCount(one().requestCount)}
                    </td>
                    <td data-label="A minute" class="number">
                      {rate(one().requestCount, before(one().method, one().endpoint))}
                    </td>
                    <td data-label="Failed" class="number" classList={{ 'is-warning': one().errorCount > 0 }}>
                      {shareText(one().errorCount, one().requestCount)}
                    </td>
                    <td data-label="p50" class="number">
                      {secondsText(one().p50Seconds)}
                    </td>
                    <td data-label="p95" class="number">
                      {secondsText(one().p95Seconds)}
                    </td>
                    <td data-label="p99" class="number">
                      {secondsText(one().p99Seconds)}
                    </td>
                  </tr>
                )}
              </Index>
            </tbody>
          </table>
        </section>
      </Show>
    </>
  )
}
