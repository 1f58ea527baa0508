import { type SearchParams, useSearchParams } from '@solidjs/router'
import { type Accessor, createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js'
import { type Day, dayOf, type EpochMs } from '../../db/units/time.ts'
import { sayResult } from '../components/results.ts'
import {
  type Bases,
  type Choice,
  type Filter,
  queryStringOf,
  questionOf,
  readChoice,
  withFilter,
  withoutFilter,
  writeChoice,
} from './choice.ts'
import { daysOf, PRESETS, unreadableRange } from './range.ts'

/** What of an address was said to be no days: once, however many parts of a page read the choice. */
let said = ''

/**
 * Reads the choice from the address bar and writes it there: each change is one step of Back. Days are UTC days on pages
 * whose answers know no others, whatever the address says.
 */
export function useChoice(bases: Accessor<Bases>, knowsZones = false) {
  const [params, setParams] = useSearchParams()
  const today = createToday()
  const choice = createMemo((): Choice => {
    const read = readChoice(params, bases())
    return knowsZones ? read : { ...read, zone: 'UTC' }
  })
  const change = (next: Partial<Choice>) => setParams(writeChoice(next))
  /** What a drawing far down narrows is seen from the top: the filter, its days and the totals. */
  const narrow = (next: Partial<Choice>) => setParams(writeChoice(next), { scroll: true })
  createEffect(() => {
    const asked = unreadableRange(oneOfEach(params))
    if (asked === null || asked === said) {
      said = asked ?? ''
      return
    }
    said = asked
    const { range } = untrack(choice)
    sayResult(`“${asked}” are no days. Shown: ${'preset' in range ? PRESETS[range.preset] : 'the days chosen'}.`)
    setParams(writeChoice({ range }), { replace: true })
  })
  return {
    choice,
    change,
    narrow,
    today,
    days: createMemo(() => daysOf(choice().range, today())),
    question: createMemo(() => questionOf(choice(), today())),
    queryString: () => queryStringOf(choice(), today()),
    addFilter: (filter: Filter) => narrow({ filters: withFilter(choice().filters, filter) }),
    removeFilter: (filter: Filter) => change({ filters: withoutFilter(choice().filters, filter) }),
  }
}
export type ChoiceControl = ReturnType<typeof useChoice>

/** The current UTC day; a page left open over midnight moves on. */
function createToday(): Accessor<Day> {
  const read = () => dayOf(Date.now() as EpochMs)
  const [today, setToday] = createSignal(read())
  const timer = setInterval(() => setToday(read()), 30_000)
  onCleanup(() => clearInterval(timer))
  return today
}

function oneOfEach({ range, start, end }: SearchParams) {
  const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) ?? ''
  return { range: one(range), start: one(start), end: one(end) }
}
