import { For, Show } from 'solid-js'
import { TableUsd } from '../../components/exact-usd.tsx'
import { MoneyBalance } from '../../components/money-balance.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { formatBytes, formatCount, formatHours } from '../../format/count.ts'
import { formatElapsed, formatInstant } from '../../format/day.ts'
import { hasDollars } from './formats.ts'
import type { ImportView } from './history-table.tsx'
import { ImportLink } from './import-link.tsx'
import { InterruptedNote } from './interrupted-note.tsx'
import { formatWord, isUnderWay } from './kinds.ts'
import { readPart } from './part.ts'

/** Everything known about one import. */
export function ImportFacts(props: { one: ImportView }) {
  const facts = (): [string, string][] => {
    const { one } = props
    return [
      ['Started', formatInstant(one.startedAt)],
      ['Took', one.finishedAt ? formatElapsed(one.startedAt, one.finishedAt) : 'not finished yet'],
      ['By', one.actor],
      ['Format', formatWord(one)],
      ['Source', one.source || '–'],
      ['Part', partWords(one.part)],
      ['Size', formatBytes(one.bytesRead)],
      ...said(one),
    ]
  }
  const counts = (): [string, number][] => {
    const { one } = props
    return [
      ['Rows', one.totalRecords],
      ['Inserted', one.inserted],
      ['Changed', one.updated - one.unchanged],
      ['Unchanged', one.unchanged],
      ['Quarantined', one.failed],
      ['Skipped', one.skipped],
      ['Removed', one.removed],
    ]
  }
  return (
    <div class="facts-box">
      <p class="facts-status">
        <StatusBadge status={props.one.status} isDryRun={props.one.isDryRun} /> {props.one.message}
      </p>
      <dl class="facts is-counts">
        <For each={counts()}>{([name, count]) => <Fact name={name} value={formatCount(count)} />}</For>
        <Show when={Number(props.one.gpuHours) > 0}>
          <Fact name="GPU-hours" value={formatHours(props.one.gpuHours)} />
        </Show>
      </dl>
      <InterruptedNote one={props.one} />
      <Show when={readPart(props.one.part).importId}>
        {(id) => (
          <p class="note">
            These are rows of <ImportLink id={id()} />, read again.
          </p>
        )}
      </Show>
      <Show when={props.one.recognisedBy}>
        {(why) => (
          <p class="note">
            Recognised as {props.one.format}: {why()}
          </p>
        )}
      </Show>
      <Show when={props.one.status === 'removed'}>
        <p class="note">It was taken away since: the figures below are of the day it was read.</p>
      </Show>
      <Show when={hasDollars(props.one.kind) && isUnderWay(props.one.status)}>
        <p class="balance">
          <span>
            Read so far <TableUsd amount={props.one.totals.fileCostUsd} />; nothing of it counts yet
          </span>
        </p>
      </Show>
      <Show when={hasDollars(props.one.kind) && !isUnderWay(props.one.status) && props.one.totalRecords > 0}>
        <MoneyBalance
          file={props.one.totals.fileCostUsd}
          stored={props.one.totals.storedCostUsd}
          quarantined={props.one.totals.quarantinedCostUsd}
          rounding={props.one.totals.roundingCostUsd}
        />
      </Show>
      <Show when={props.one.totals.fileEffectiveCostUsd !== props.one.totals.fileCostUsd}>
        <p class="note">
          Effective (commitments spread over their days): file{' '}
          <TableUsd amount={props.one.totals.fileEffectiveCostUsd} />, stored{' '}
          <TableUsd amount={props.one.totals.storedEffectiveCostUsd} />, quarantined{' '}
          <TableUsd amount={props.one.totals.quarantinedEffectiveCostUsd} />
        </p>
      </Show>
      <dl class="facts is-wide">
        <For each={facts()}>{([name, value]) => <Fact name={name} value={value} />}</For>
      </dl>
    </div>
  )
}

function partWords(part: string): string {
  const { name, importId } = readPart(part)
  return name || (importId ? 'rows read again' : 'whole')
}

/** What was said beside the file. */
function said({ provider, currency, timeZone }: ImportView): [string, string][] {
  const options: [string, string][] = [
    ['Provider, as said', provider],
    ['Currency, as said', currency],
    ['Time zone, as said', timeZone],
  ]
  return options.filter(([, value]) => value !== '')
}

function Fact(props: { name: string; value: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  )
}
