import type { SearchParams } from '@solidjs/router'
import { parseDay } from '../../../db/units/time.ts'
import { readSkip } from '../../choice/skip.ts'

/** What the address asks for; '' where it does not say. */
export type Filters = {
  start: string
  end: string
  action: string
  actor: string
  target: string
  search: string
  skip: number
}

/** Reads an address; a day that is none, and an end before the start, are left out. */
export function readFilters(params: SearchParams): Filters {
  const one = (name: string) => [params[name]].flat()[0]?.trim() ?? ''
  const start = parseDay(one('start')) ?? ''
  const end = parseDay(one('end')) ?? ''
  return {
    ...{ start, end: start !== '' && end < start ? '' : end, action: one('action'), actor: one('actor') },
    ...{ target: one('target'), search: one('search'), skip: readSkip(one('skip')) },
  }
}

/** The question for the server: what is set. */
export function questionOf({ skip, ...filters }: Filters) {
  return { skip, ...setOf(filters) }
}

/** The same as a REST query string, for the file: it holds every page. */
export function queryStringOf({ skip, ...filters }: Filters): string {
  const { targetId, ...rest } = setOf(filters)
  return new URLSearchParams({ ...rest, ...(targetId ? { target_id: targetId } : {}) }).toString()
}

function setOf({ target, ...filters }: Omit<Filters, 'skip'>) {
  const all = { ...filters, targetId: target }
  const set = Object.entries(all).filter(([, value]) => value !== '')
  return Object.fromEntries(set) as Partial<typeof all>
}
