import { Show } from 'solid-js'
import type { DataColumn } from '../../components/data-table/column.ts'
import { formatTokens } from '../../format/count.ts'
import { formatUsdInTable } from '../../format/usd.ts'
import {
  CACHE_WORDS,
  callerOf,
  formatMoment,
  formatMs,
  GRADE_WORDS,
  type RequestRow,
  STATUS_WORDS,
} from './request-words.ts'

type Column = DataColumn<RequestRow>
const UNSORTED = { isUnsorted: true } as const
const NUMBER = { isUnsorted: true, isNumber: true } as const

/** The newest come first, and in no other order: each of them would read every call. */
export const REQUEST_COLUMNS: readonly Column[] = [
  {
    ...{ id: 'time', title: 'Time', width: 12.25, ...UNSORTED },
    text: (row) => row.createdAt,
    cell: (row) => formatMoment(row.createdAt),
  },
  words('model', 'Model', 9, (row) => row.model),
  {
    ...{ id: 'status', title: 'Status', width: 6.75, ...UNSORTED },
    text: (row) => row.status,
    cell: (row) => <RequestStatus status={row.status} />,
  },
  tokens('tokens', 'Tokens', (row) => row.tokensUsed),
  {
    ...{ id: 'cost', title: 'Cost', width: 6.5, ...NUMBER },
    text: (row) => row.costUsd ?? '',
    cell: (row) => (
      <Show when={row.costUsd} fallback={<span class="muted">unpriced</span>}>
        {(usd) => formatUsdInTable(usd())}
      </Show>
    ),
  },
  time('latency', 'Latency', (row) => row.latencyMs),
  time('ttft', 'First token', (row) => row.ttftMs),
  words('team', 'Team', 7, (row) => row.teamName ?? row.teamId ?? ''),
  words('caller', 'Called by', 9, callerOf),
  words('backend', 'Backend', 6.5, (row) => row.backend),
  { ...words('error', 'Error', 14, (row) => row.errorMessage || row.errorCode), isExtra: true },
  { ...tokens('prompt', 'Prompt', (row) => row.promptTokens), isExtra: true },
  { ...tokens('completion', 'Completion', (row) => row.completionTokens), isExtra: true },
  { ...words('grade', 'Cost is', 7.5, (row) => GRADE_WORDS[row.costGrade][0]), isExtra: true },
  { ...words('cache', 'Store', 8.5, (row) => CACHE_WORDS[row.cache]), isExtra: true },
  { ...words('stream', 'Stream', 6, (row) => (row.stream ? 'yes' : 'no')), isExtra: true },
  { ...words('served', 'Served model', 11, (row) => row.servedModel), isExtra: true },
  { ...words('end_user', 'End user', 9, (row) => row.endUser), isExtra: true },
  { ...words('id', 'Request', 18, (row) => row.id), isExtra: true },
]

export function RequestStatus(props: { status: RequestRow['status'] }) {
  return <span class={`badge ${STATUS_WORDS[props.status][1]}`}>{STATUS_WORDS[props.status][0]}</span>
}

function words(id: string, title: string, width: number, text: (row: RequestRow) => string): Column {
  return { id, title, width, grows: true, ...UNSORTED, text, cell: (row) => text(row) || <span class="muted">–</span> }
}

function tokens(id: string, title: string, count: (row: RequestRow) => number | null): Column {
  return {
    ...{ id, title, width: 5.75, ...NUMBER },
    text: (row) => String(count(row) ?? ''),
    cell: (row) => formatTokens(count(row)),
  }
}

function time(id: string, title: string, ms: (row: RequestRow) => number | null): Column {
  return {
    ...{ id, title, width: 6, ...NUMBER },
    text: (row) => String(ms(row) ?? ''),
    cell: (row) => formatMs(ms(row)),
  }
}
