import { For, Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import type { Filter } from '../../choice/choice.ts'
import { TableUsd, UsdDoor } from '../../components/exact-usd.tsx'
import { leftOverWords } from '../../format/left-over-words.ts'
import { formatMonth } from '../../format/month.ts'
import { isZeroUsd } from '../../format/usd.ts'
import { explainMonth } from './statement-doors.ts'
import type { Line, Statement } from './statement-queries.ts'

type Company = NonNullable<Statement['company']>

/** What no job and no rule was charged, and whether teams share it or the company keeps it. */
export function CompanyPanel(props: { month: string; company: Company; lines: readonly Line[] }) {
  const adjustments = () => props.lines.filter(({ teamId, kind }) => teamId === null && kind === 'adjustment')
  return (
    <section class="panel" aria-label="What nobody was charged">
      <header class="panel-head">
        <h2>What nobody was charged</h2>
      </header>
      <p class="note">{leftOverWords('allocation')}</p>
      <div class="table-scroll">
        <table class="is-cards">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" class="number">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.company.pot}>
              {(line) => (
                <Row
                  name={`${line.provider} · ${line.gpuType || 'no GPU'}`}
                  amount={line.amountUsd}
                  href={explainMonth(props.month, 'unallocated', poolOf(line))}
                />
              )}
            </For>
            <Show when={!isZeroUsd(props.company.sharedUsd)}>
              <Row name="Shared by teams" amount={negative(props.company.sharedUsd)} />
            </Show>
            <For each={adjustments()}>
              {(line) => (
                <Row name={`Adjustment of ${formatMonth(line.adjustedMonth ?? '')}`} amount={line.amountUsd} />
              )}
            </For>
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Stays with the company</th>
              <td class="number">
                <TableUsd amount={props.company.totalUsd} />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}

function poolOf({ provider, gpuType }: Pick<Company['pot'][number], 'provider' | 'gpuType'>): Filter[] {
  return [
    { name: 'provider', value: provider ?? '' },
    { name: 'gpu_type', value: gpuType ?? '' },
  ]
}

function Row(props: { name: string; amount: UsdText; href?: string | undefined }) {
  return (
    <tr>
      <th scope="row">{props.name}</th>
      <td class="number" data-label="Amount">
        <UsdDoor href={props.href} of={props.name} amount={props.amount} />
      </td>
    </tr>
  )
}

function negative(amount: UsdText): UsdText {
  return (amount.startsWith('-') ? amount.slice(1) : `-${amount}`) as UsdText
}
