import { createSignal, createUniqueId, For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { CopyField } from '../../components/copy-field.tsx'
import { TableUsd } from '../../components/exact-usd.tsx'
import { formatCount } from '../../format/count.ts'
import { ImportLink } from './import-link.tsx'

type Rejected = Answers['imports']['errors']['errors'][number]

/**
 * The refused rows, by line of the file, with the reason and, for a bill and where it could be read, the amount. Each
 * opens to the row as the file has it.
 */
export function QuarantineTable(props: { rows: readonly Rejected[]; isBill: boolean }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Quarantined rows">
      <table class="rejected is-cards">
        <caption class="visually-hidden">Quarantined rows, by line</caption>
        <thead>
          <tr>
            <th scope="col" class="number">
              Line
            </th>
            <th scope="col">Column</th>
            <th scope="col">Reason</th>
            <th scope="col">Code</th>
            <Show when={props.isBill}>
              <th scope="col" class="number">
                Amount
              </th>
            </Show>
            <th scope="col">
              <span class="visually-hidden">The row</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.rows}>{(row) => <Row row={row} isBill={props.isBill} />}</For>
        </tbody>
      </table>
    </section>
  )
}

function Row(props: { row: Rejected; isBill: boolean }) {
  const id = createUniqueId()
  const [isOpen, setOpen] = createSignal(false)
  return (
    <>
      <tr classList={{ 'is-open': isOpen() }}>
        <td data-label="Line" class="number">
          {formatCount(props.row.line)}
        </td>
        <td data-label="Column" class="mono">
          {props.row.column ?? '–'}
        </td>
        <td data-label="Reason" class="reason">
          <div class="stacked">
            <span>{props.row.message}</span>
            <Show when={props.row.resolvedBy}>
              {(by) => (
                <span class="note">
                  Read again by <ImportLink id={by()} />
                </span>
              )}
            </Show>
          </div>
        </td>
        <td data-label="Code" class="mono">
          {props.row.code}
        </td>
        <Show when={props.isBill}>
          <td data-label="Amount" class="number">
            <Show when={props.row.costUsd !== null} fallback="not readable">
              <TableUsd amount={props.row.costUsd} />
            </Show>
          </td>
        </Show>
        <td class="row-actions">
          <button
            type="button"
            class="button is-quiet"
            aria-expanded={isOpen()}
            aria-controls={isOpen() ? id : undefined}
            aria-label={`${isOpen() ? 'Hide' : 'Show'} the row of line ${props.row.line}`}
            onClick={() => setOpen(!isOpen())}
          >
            {isOpen() ? 'Hide' : 'Show'}
          </button>
        </td>
      </tr>
      <Show when={isOpen()}>
        <tr id={id} class="rejected-record">
          <td colspan={props.isBill ? 6 : 5}>
            <div class="record-box">
              <Show
                when={props.row.record !== ''}
                fallback={
                  <p class="note">
                    The row was not kept: it is too long, or the file cannot be taken apart row by row. Look at line{' '}
                    {formatCount(props.row.line)} of the file.
                  </p>
                }
              >
                <CopyField
                  label={`Line ${formatCount(props.row.line)} as the file has it`}
                  text={props.row.record}
                  copy={`Copy the row of line ${props.row.line}`}
                  class="is-record"
                />
              </Show>
            </div>
          </td>
        </tr>
      </Show>
    </>
  )
}
