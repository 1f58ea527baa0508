import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { StatusBadge } from '../../components/status-badge.tsx'
import { formatCount, formatHours } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { formatUsd, isZeroUsd } from '../../format/usd.ts'
import { hasDollars } from './formats.ts'
import { ImportLink } from './import-link.tsx'
import { progressWords } from './import-progress.tsx'
import { formatWord, isUnderWay } from './kinds.ts'
import { readPart } from './part.ts'

export type ImportView = Answers['imports']['get']

/** Every import, newest first: when, who, what, and what became of its rows and dollars. */
export function HistoryTable(props: { imports: readonly ImportView[] }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Import history">
      <table class="history is-cards">
        <caption class="visually-hidden">Import history, newest first</caption>
        <thead>
          <tr>
            <For each={['File', 'Status', 'Started', 'Source']}>{(title) => <th scope="col">{title}</th>}</For>
            <For each={['Rows', 'Quarantined', 'In the file']}>
              {(title) => (
                <th scope="col" class="number">
                  {title}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.imports}>{(one) => <Row one={one} />}</For>
        </tbody>
      </table>
    </section>
  )
}

function Row(props: { one: ImportView }) {
  const part = () => readPart(props.one.part)
  return (
    <tr>
      <th scope="row">
        <A class="file-name" href={`/imports/${props.one.importId}`}>
          {props.one.fileName || props.one.importId}
        </A>
        <span class="note">{formatWord(props.one)}</span>
        <Show when={props.one.status === 'failed' && props.one.totalRecords === 0 && props.one.message}>
          {(words) => <span class="note refusal-words">{words()}</span>}
        </Show>
      </th>
      <td data-label="Status">
        <div class="stacked">
          <span>
            <StatusBadge status={props.one.status} isDryRun={props.one.isDryRun} />
          </span>
          <Show when={isUnderWay(props.one.status) && props.one.rowsRead > 0}>
            <span class="note">{progressWords(props.one)}</span>
          </Show>
          <Show when={waitingWords(props.one)}>{(words) => <span class="note">{words()}</span>}</Show>
        </div>
      </td>
      <td data-label="Started">
        <div class="stacked">
          <time class="nowrap" datetime={props.one.startedAt}>
            {formatInstant(props.one.startedAt)}
          </time>
          <span class="note">{props.one.actor}</span>
        </div>
      </td>
      <td data-label="Source">
        <div class="stacked">
          <span class="file-name">{props.one.source || '–'}</span>
          <Show when={part().name}>
            <span class="note">part {part().name}</span>
          </Show>
          <Show when={part().importId}>
            {(id) => (
              <span class="note">
                again from <ImportLink id={id()} />
              </span>
            )}
          </Show>
        </div>
      </td>
      <td data-label="Rows" class="number">
        <div class="stacked">
          <span>{formatCount(props.one.totalRecords)}</span>
          <span class="note">{fateWords(props.one)}</span>
        </div>
      </td>
      <td data-label="Quarantined" class="number" classList={{ 'is-warning': props.one.failed > 0 }}>
        <div class="stacked">
          <span>{formatCount(props.one.failed)}</span>
          <Show when={hasDollars(props.one.kind) && !isZeroUsd(props.one.totals.quarantinedCostUsd)}>
            <span class="note">{formatUsd(props.one.totals.quarantinedCostUsd)}</span>
          </Show>
        </div>
      </td>
      <td data-label="In the file" class="number">
        <Show
          when={hasDollars(props.one.kind) && props.one.totalRecords > 0}
          fallback={props.one.totalRecords === 0 ? '–' : `${formatHours(props.one.gpuHours)} GPU-hours`}
        >
          <div class="stacked">
            <span>{formatUsd(props.one.totals.fileCostUsd)}</span>
            <span class="note">
              {formatUsd(props.one.totals.storedCostUsd)} {storedWord(props.one)}
            </span>
          </div>
        </Show>
      </td>
    </tr>
  )
}

/** What became of the good rows: "2 new · 1 changed". */
function fateWords({ totalRecords, inserted, updated, unchanged }: ImportView): string {
  if (totalRecords === 0) return ''
  const changed = updated - unchanged
  const fates = [
    ...(inserted > 0 || updated === 0 ? [`${formatCount(inserted)} new`] : []),
    ...(changed > 0 ? [`${formatCount(changed)} changed`] : []),
    ...(unchanged > 0 ? [`${formatCount(unchanged)} unchanged`] : []),
  ]
  return fates.join(' · ')
}

function storedWord({ isDryRun, status }: ImportView): string {
  if (isUnderWay(status)) return 'read so far'
  if (isDryRun) return 'could be stored'
  return status === 'removed' ? 'was stored' : 'stored'
}

/** Whether somebody has to do something about an import that is not done. */
function waitingWords({ status, message }: ImportView): string | null {
  if (status === 'queued') return 'Waits for its turn'
  if (status !== 'interrupted') return null
  return message.includes('resume=') ? 'Send the file again to go on' : 'Goes on by itself'
}
