import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import type { CostQuestion } from '../../choice/explain-address.ts'
import { ExactUsd } from '../../components/exact-usd.tsx'
import { Pager } from '../../components/pager.tsx'
import { Panel } from '../../components/panel.tsx'
import { formatCount } from '../../format/count.ts'
import { SumsLine } from './sums-line.tsx'

const LIMIT = 20

type Line = Answers['analytics']['billLines']['lines'][number]

/** The bill lines behind a pool-day's cost, each with the file that brought it. */
export function LinesPanel(props: { question: CostQuestion; skip: number; onSkip: (skip: number) => void }) {
  const asked = () => ({ ...props.question, skip: props.skip, limit: LIMIT })
  const query = useQuery(() => ({
    queryKey: ['analytics.billLines', asked()],
    queryFn: () => api.analytics.billLines.query(asked()),
  }))
  return (
    <Panel
      title="Bill lines"
      query={query}
      minHeight={240}
      isEmpty={(data) => data.total === 0}
      empty={<p>Nothing was billed for this pool on this day.</p>}
    >
      {(data) => (
        <>
          <section class="table-scroll" tabindex="0" aria-label="Bill lines of the pool-day">
            <table class="is-cards explain-table">
              <thead>
                <tr>
                  <th scope="col">What was billed</th>
                  <th scope="col">Account</th>
                  <th scope="col">Region</th>
                  <th scope="col">Category</th>
                  <th scope="col">From</th>
                  <th scope="col" class="number">
                    Invoiced
                  </th>
                  <th scope="col" class="number">
                    Effective
                  </th>
                  <Show when={props.question.cost === 'list'}>
                    <th scope="col" class="number">
                      List
                    </th>
                  </Show>
                </tr>
              </thead>
              <tbody>
                <For each={data().lines}>
                  {(line) => <LineRow line={line} hasList={props.question.cost === 'list'} />}
                </For>
              </tbody>
            </table>
          </section>
          <SumsLine
            count={data().total}
            what={data().total === 1 ? 'This line' : `These ${formatCount(data().total)} lines`}
            sum={data().linesCostUsd}
            difference={data().differenceUsd}
            page={data().total > data().limit ? data().pageCostUsd : undefined}
          />
          <Pager of="the bill lines" page={data()} onSkip={props.onSkip} />
        </>
      )}
    </Panel>
  )
}

function LineRow(props: { line: Line; hasList: boolean }) {
  const name = () => props.line.item || props.line.sku || props.line.service || props.line.gpuType
  const more = () => [props.line.service, props.line.instanceType].filter((text) => text && text !== name()).join(' · ')
  return (
    <tr>
      <th scope="row">
        {name()}
        <Show when={more()}>
          <span class="note">{more()}</span>
        </Show>
      </th>
      <td data-label="Account">{props.line.account || '–'}</td>
      <td data-label="Region">{props.line.region || '–'}</td>
      <td data-label="Category">{props.line.chargeCategory || '–'}</td>
      <td data-label="From">
        <Show when={props.line.importId} fallback="by hand">
          {(id) => (
            <A class="link" href={`/imports/${id()}`}>
              {props.line.fileName || id()}
            </A>
          )}
        </Show>
      </td>
      <td class="number" data-label="Invoiced">
        <ExactUsd amount={props.line.billedCostUsd} />
      </td>
      <td class="number" data-label="Effective">
        <ExactUsd amount={props.line.effectiveCostUsd} />
      </td>
      <Show when={props.hasList}>
        <td class="number" data-label="List">
          <ExactUsd amount={props.line.listCostUsd} />
        </td>
      </Show>
    </tr>
  )
}
