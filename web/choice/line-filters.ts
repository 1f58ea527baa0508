import type { SearchParams } from '@solidjs/router'
import { parseDay } from '../../db/units/time.ts'
import { readSkip } from './skip.ts'

/** What narrows a list of bill lines or measurements; '' where the address does not say. */
export type LineFilters = { start: string; end: string; provider: string; gpu_type: string; source: string }

/** Reads an address; a day that is none, and an end before the start, are left out. */
export function readLineFilters(params: SearchParams): LineFilters & { skip: number } {
  const one = (name: string) => [params[name]].flat()[0]?.trim() ?? ''
  const start = parseDay(one('start')) ?? ''
  const end = parseDay(one('end')) ?? ''
  return {
    ...{ start, end: start !== '' && end < start ? '' : end },
    ...{ provider: one('provider'), gpu_type: one('gpu_type'), source: one('source'), skip: readSkip(one('skip')) },
  }
}

/** The question for the server: what is set. */
export function lineQuestion({ start, end, provider, gpu_type: gpuType, source }: LineFilters) {
  const all = { start, end, provider, gpuType, source }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')) as Partial<typeof all>
}
