import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { paletteOf } from '../../charts/palette.ts'
import { UsdDoor } from '../../components/exact-usd.tsx'
import { Explained } from '../../components/explained.tsx'
import { Icon } from '../../components/icon.tsx'
import { changeOf, formatShare } from '../../format/change.ts'
import { formatCount, formatCountOf, formatHours, formatTokens } from '../../format/count.ts'
import { rowMeaning, rowName } from '../../format/row-name.ts'
import { formatUsd } from '../../format/usd.ts'
import { requestsOf } from '../requests/requests-question.ts'
import type { ModelRow, Models } from './model-queries.ts'
import { type Order, sorted } from './order.ts'
import { Sparkline } from './sparkline.tsx'

const COLUMNS: readonly (readonly [Order, string])[] = [
  ['cost', 'Cost'],
  ['job', 'Per job'],
  ['hour', 'Per GPU-hour'],
  ['tokens', 'Per 1 M tokens'],
  ['lost', 'Failed work'],
]

/** Each model with what one job, GPU-hour and million tokens of it cost; what no model was charged completes the bill. */
export function ModelsTable(props: {
  answer: Models
  order: Order
  onOrder: (order: Order) => void
  hrefs: {
    jobs: (row: ModelRow) => string
    explore: (row: ModelRow) => string
    explain: (row: ModelRow | null) => string | undefined
  }
}) {
  const palette = paletteOf('model')
  const rows = () => {
    palette.learn(props.answer.rows.filter(({ kind }) => kind === 'owner').map(({ name }) => name))
    return sorted(props.answer.rows, props.order)
  }
  const hasTokens = () => props.answer.rows.some(({ totalTokens }) => totalTokens !== null)
  const columns = () => COLUMNS.filter(([order]) => order !== 'tokens' || hasTokens())
  return (
    <section class="table-scroll" tabindex="0" aria-label="Cost by model">
      <table class="models-table is-cards">
        <caption class="visually-hidden">
          Cost by model, and what one job, GPU-hour and million tokens of it cost
        </caption>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <For each={columns()}>
              {([order, title]) => (
                <th scope="col" class="number" aria-sort={props.order === order ? 'descending' : 'none'}>
                  <button type="button" class="link" onClick={() => props.onOrder(order)}>
                    {title}
                    <span aria-hidden="true">{props.order === order ? ' ↓' : ''}</span>
                  </button>
                </th>
              )}
            </For>
            <th scope="col">Trend</th>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(row) => (
              <Row
                row={row}
                answer={props.answer}
                hasTokens={hasTokens()}
                hrefs={props.hrefs}
                colour={palette.colourOf(row)}
              />
            )}
          </For>
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td class="number" data-label="Cost">
              <UsdDoor href={props.hrefs.explain(null)} of="the total" amount={props.answer.totalCostUsd} />
              <span class="cell-note">
                <Change now={props.answer.totalCostUsd} before={props.answer.previousTotalCostUsd} />
              </span>
            </td>
            <td colspan={columns().length} />
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

function Row(props: {
  row: ModelRow
  answer: Models
  hasTokens: boolean
  hrefs: Parameters<typeof ModelsTable>[0]['hrefs']
  colour: string
}) {
  const row = () => props.row
  const isModel = () => row().kind === 'owner'
  const isNamed = () => isModel() && row().name !== ''
  const words = () => (row().kind === 'other' ? `${formatCountOf(row().modelCount, 'smaller model')}` : rowName(row()))
  return (
    <tr>
      <th scope="row">
        <i class="swatch" style={{ background: `var(--${props.colour})` }} />{' '}
        <Show when={isNamed()} fallback={<Explained words={words()} meaning={rowMeaning(row().kind)} />}>
          <A href={props.hrefs.explore(row())}>{words()}</A>
        </Show>
      </th>
      <td class="number" data-label="Cost">
        <UsdDoor href={props.hrefs.explain(row())} of={words()} amount={row().totalCostUsd} />
        <span class="cell-note">
          {formatShare(row().totalCostUsd, props.answer.totalCostUsd)}{' '}
          <Change now={row().totalCostUsd} before={row().previousTotalCostUsd} />
        </span>
      </td>
      <td class="number" data-label="Per job">
        {row().costPerJobUsd === null ? '–' : formatUsd(row().costPerJobUsd)}
        <Show when={row().jobCount !== null}>
          <span class="cell-note">
            <Show when={isNamed()} fallback={formatCountOf(row().jobCount, 'job')}>
              <Show when={!row().isServed} fallback="served, no job">
                <A href={props.hrefs.jobs(row())}>{formatCountOf(row().jobCount, 'job')}</A>
              </Show>
            </Show>
          </span>
        </Show>
      </td>
      <td class="number" data-label="Per GPU-hour">
        {row().costPerGpuHourUsd === null ? '–' : formatUsd(row().costPerGpuHourUsd)}
        <Show when={row().gpuHours !== null}>
          <span class="cell-note">{formatHours(row().gpuHours)} GPU-hours</span>
        </Show>
      </td>
      <Show when={props.hasTokens}>
        <td class="number" data-label="Per 1 M tokens">
          {row().costPerMillionTokensUsd === null ? '–' : formatUsd(row().costPerMillionTokensUsd)}
          <Show when={row().totalTokens !== null}>
            <span class="cell-note">
              <Show when={isNamed()} fallback={`${formatTokens(row().totalTokens)} tokens`}>
                <A href={requestsOf({ model: row().name })}>{formatTokens(row().totalTokens)} tokens</A>
              </Show>
              {row().meteredCostPerMillionTokensUsd === null
                ? ''
                : `, metered ${formatUsd(row().meteredCostPerMillionTokensUsd)}`}
            </span>
          </Show>
        </td>
      </Show>
      <td class="number" data-label="Failed work">
        {row().lostCostUsd === null ? '–' : (formatShare(row().lostCostUsd!, row().totalCostUsd) ?? '–')}
        <Show when={Number(row().lostJobCount) > 0}>
          <span class="cell-note">
            {formatUsd(row().lostCostUsd)}, {formatCount(row().lostJobCount)} of {formatCountOf(row().jobCount, 'job')}
          </span>
        </Show>
      </td>
      <td data-label="Trend">
        <Sparkline costs={row().costUsd} colour={props.colour} label={trendWords(words(), props.answer, row())} />
      </td>
    </tr>
  )
}

function Change(props: { now: ModelRow['totalCostUsd']; before: ModelRow['previousTotalCostUsd'] }) {
  const change = () => changeOf(props.now, props.before ?? '0')
  return (
    <Show when={change()}>
      {(known) => (
        <span class={`change is-${known().direction}`}>
          <span class="visually-hidden">, {known().words}</span>
          <span aria-hidden="true">
            <Show when={known().direction !== 'same'} fallback="=">
              <Icon name={known().direction === 'up' ? 'up' : 'down'} />
              {known().percent}
            </Show>
          </span>
        </span>
      )}
    </Show>
  )
}

function trendWords(name: string, { periodLength, periods }: Models, { costUsd }: ModelRow): string {
  const costs = costUsd.map(Number)
  const top = costs.indexOf(Math.max(...costs))
  return `${name} per ${periodLength}: most in ${periods[top]}, ${formatUsd(costUsd[top] ?? null)}`
}
