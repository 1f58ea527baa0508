import { A } from '@solidjs/router'
import { For } from 'solid-js'
import type { Answers } from '../../api.ts'
import { StatusBadge } from '../../components/status-badge.tsx'
import { formatCount } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { formatUsd } from '../../format/usd.ts'
import { hasDollars } from './formats.ts'

export type ImportView = Answers['imports']['get']

/** Every import, newest first: when, who, what, and what became of its rows and dollars. */
export function HistoryTable(props: { imports: readonly ImportView[] }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Import history">
      <table class="history is-cards">
        <caption class="visually-hidden">Import history, newest first</caption>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Status</th>
            <th scope="col">Started</th>
            <th scope="col">By</th>
            <For each={['Rows', 'Inserted', 'Changed', 'Unchanged', 'Quarantined', 'Dollars in file']}>
              {(title) => (
                <th scope="col" class="number">
                  {title}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.imports}>
            {(one) => (
              <tr>
                <th scope="row">
                  <A class="file-name" href={`/imports/${one.importId}`}>
                    {one.fileName || one.importId}
                  </A>
                  <span class="note">
                    {one.format}
                    {one.source ? ` · ${one.source}` : ''}
                  </span>
                </th>
                <td data-label="Status">
                  <StatusBadge status={one.status} isDryRun={one.isDryRun} />
                </td>
                <td data-label="Started" class="nowrap">
                  <time datetime={one.startedAt}>{formatInstant(one.startedAt)}</time>
                </td>
                <td data-label="By">{one.actor}</td>
                <td data-label="Rows" class="number">
                  {formatCount(one.totalRecords)}
                </td>
                <td data-label="Inserted" class="number">
                  {formatCount(one.inserted)}
                </td>
                <td data-label="Changed" class="number">
                  {formatCount(one.updated - one.unchanged)}
                </td>
                <td data-label="Unchanged" class="number">
                  {formatCount(one.unchanged)}
                </td>
                <td data-label="Quarantined" class="number" classList={{ 'is-warning': one.failed > 0 }}>
                  {formatCount(one.failed)}
                </td>
                <td data-label="Dollars in file" class="number">
                  {hasDollars(one.kind) ? formatUsd(one.totals.fileCostUsd) : '–'}
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  )
}
