import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { MoneyBalance } from '../../components/money-balance.tsx'
import { formatCount } from '../../format/count.ts'
import type { ImportAnswer } from '../../uploads/send-file.ts'
import { hasDollars, useFormats } from './formats.ts'

/** What became of a file: its counts, the dollars of a bill, and the first rows that were refused. */
export function UploadResult(props: { answer: ImportAnswer }) {
  const result = () => props.answer.result
  const totals = () => result().totals
  const formats = useFormats()
  /** Files of jobs have no money in them. */
  const isBill = () => hasDollars(formats().find(({ id }) => id === props.answer.format)?.kind)
  return (
    <div class="result" role="status">
      <p>{props.answer.message}</p>
      <p class="counts">
        <span>{formatCount(result().inserted)} inserted</span>
        <span>{formatCount(result().updated)} updated</span>
        <span>{formatCount(result().unchanged)} unchanged</span>
        <Show when={result().failed > 0}>
          <span class="is-warning">{formatCount(result().failed)} quarantined</span>
        </Show>
      </p>
      <Show when={isBill()}>
        <MoneyBalance
          file={totals().file_cost_usd}
          stored={totals().stored_cost_usd}
          quarantined={totals().quarantined_cost_usd}
          rounding={totals().rounding_cost_usd}
        />
      </Show>
      <Show when={result().errors.length > 0}>
        <ul class="row-errors">
          <For each={result().errors.slice(0, 3)}>
            {(error) => (
              <li>
                Line {formatCount(error.line)}
                {error.column ? `, ${error.column}` : ''}: {error.message}
              </li>
            )}
          </For>
        </ul>
      </Show>
      <p>
        <A href={`/imports/${props.answer.import_id}`}>
          {result().failed > 0 ? 'See the quarantined rows' : 'See this import'}
        </A>
      </p>
    </div>
  )
}
