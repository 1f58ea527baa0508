import type { SearchParams } from '@solidjs/router'
import type { Questions } from '../../api.ts'
import { readSkip } from '../../choice/skip.ts'
import { type ImportStatus, STATUSES } from '../../components/status-words.ts'
import { KINDS } from './kinds.ts'

/** What narrows the history; '' where nothing does. The address holds it under these names. */
export type HistoryChoice = {
  status: ImportStatus | ''
  kind: keyof typeof KINDS | ''
  format: string
  source: string
  file: string
  skip: number
}

/** Reads an address; a status or a kind that there is not is left out. */
export function readHistory(params: SearchParams): HistoryChoice {
  const one = (name: string, longest: number) => ([params[name]].flat()[0] ?? '').trim().slice(0, longest)
  const [status, kind] = [one('status', 40), one('kind', 40)]
  return {
    status: STATUSES.find((known) => known === status) ?? '',
    kind: Object.hasOwn(KINDS, kind) ? (kind as keyof typeof KINDS) : '',
    ...{
      format: one('format', 60),
      source: one('source', 100),
      file: one('file', 255),
      skip: readSkip(one('skip', 9)),
    },
  }
}

/** The question for the server: what is set. */
export function questionOf({ status, kind, format, source, file, skip }: HistoryChoice) {
  const asked: Questions['imports']['list'] = { skip }
  if (status) asked.status = status
  if (kind) asked.kind = kind
  if (format) asked.format = format
  if (source) asked.source = source
  if (file) asked.fileName = file
  return asked
}

export function isNarrowed({ skip, ...filters }: HistoryChoice): boolean {
  return Object.values(filters).some((value) => value !== '')
}
