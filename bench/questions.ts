import { addDays, type Day } from '../db/units/time.ts'
import type { Caller } from './caller.ts'
import type { Estate } from './estate.ts'
import { type Times, timesOf } from './times.ts'

const FEWEST_CALLS = 60
const MOST_CALLS = 200
/** Of an estate of 90 days, which has a hundred windows of nearly all of them. */
const MOST_CALLS_OF_QUARTER = 85
/** Beyond the fewest calls, as many more as this leaves time for. */
const WANTED_MS = 3_000
/** What a question needs before its code is compiled; the first call of the process is told by itself. */
const WARM_UP_CALLS = 24
/** Of an estate of 90 days, for the windows that are left. */
const WARM_UP_CALLS_OF_QUARTER = 14
/** So many days, less one, a window of the whole year may lack at either end. */
const EDGE = 15
/** The same of 90 days where there are no others. */
const QUARTER_EDGE = 10

/** What pages ask: `path` is another window each turn (the same ones in each run), so that no cache has the answer. */
export type Question = { name: string; path: (turn: number, estate: Estate) => string; bar: Bar | null }
/** What the product promises: milliseconds (p95) at a million jobs, and growth from 100,000 to 10 million. */
export type Bar = { p95: number; growth: number }

const QUARTER = 90

/** 90 days somewhere in the estate; of an estate of 90 days, most of them. */
function quarter(turn: number, estate: Estate): string {
  if (estate.days <= QUARTER) return most(turn, estate, QUARTER_EDGE)
  const from = addDays(estate.first, (turn * 49) % (estate.days - QUARTER + 1))
  return range(from, addDays(from, QUARTER - 1))
}

/** The whole estate but for a few days at either end: months and odd days. */
function most(turn: number, { first, days }: Estate, edge: number): string {
  const [late, early] = [turn % edge, Math.floor(turn / edge) % edge]
  return range(addDays(first, late), addDays(first, days - 1 - early))
}

export function range(start: Day, end: Day): string {
  return `start=${start}&end=${end}`
}

const explorer = (a: string, b: string): Question => ({
  name: `explorer ${a} × ${b}, 365 days`,
  path: (turn, estate) => `/analytics/explore?${most(turn, estate, EDGE)}&group_by=${a}&group_by=${b}`,
  bar: { p95: 60, growth: 2 },
})
const cost = (name: string, path: string, bar: Bar): Question => ({
  name,
  path: (turn, estate) => `/analytics/cost/${path}?${quarter(turn, estate)}`,
  bar,
})

export const BY_TEAM = cost('by team, 90 days', 'by-team', { p95: 20, growth: 1.5 })

export const QUESTIONS: readonly Question[] = [
  // What every call costs before anything is asked: the way through the local Worker.
  { name: 'no question at all (/auth/sso)', path: () => '/auth/sso', bar: null },
  cost('daily trend, 90 days', 'daily', { p95: 10, growth: 1.5 }),
  BY_TEAM,
  cost('by model, 90 days', 'by-model', { p95: 20, growth: 1.5 }),
  ...[explorer('team', 'model'), explorer('team', 'gpu_type'), explorer('account', 'sku'), explorer('account', 'team')],
]

export const UNCHANGED = { name: 'unchanged answer (304)', bar: { p95: 5, growth: 1 } as Bar }

/** What calls took, and what the first one of the process did, when nothing was kept of what it needs. */
export type AskedTimes = Times & { firstMs: number }

/** How long a question takes; null: this Heliox has no such route. Throws where it answers anything but 200. */
export async function ask(caller: Caller, { path }: Question, estate: Estate): Promise<AskedTimes | null> {
  const first = await caller.get(path(0, estate))
  if (first.status === 404) return null
  const [most, warmUp] =
    estate.days <= QUARTER ? [MOST_CALLS_OF_QUARTER, WARM_UP_CALLS_OF_QUARTER] : [MOST_CALLS, WARM_UP_CALLS]
  for (let turn = 0; turn < warmUp; turn += 1) await caller.json(path(most + 1 + turn, estate))
  const times = await manyCalls(most, async (turn) => {
    const { status, ms, body } = await caller.get(path(1 + turn, estate))
    if (status !== 200) throw new Error(`${path(1 + turn, estate)} answered ${status}: ${body.slice(0, 300)}`)
    return ms
  })
  return { ...times, firstMs: first.ms }
}

/** How long "nothing has changed" takes, of a few answers in turn; null: answers carry no ETag. Throws for no 304. */
export async function askUnchanged(caller: Caller, estate: Estate): Promise<Times | null> {
  const held: { path: string; etag: string }[] = []
  for (const { path } of QUESTIONS)
    for (const turn of [0, 7]) {
      const { etag } = await caller.get(path(turn, estate))
      if (etag !== '') held.push({ path: path(turn, estate), etag })
    }
  if (held.length === 0) return null
  return manyCalls(MOST_CALLS, async (turn) => {
    const { path, etag } = held[turn % held.length] as (typeof held)[number]
    const { status, ms } = await caller.get(path, { 'if-none-match': etag })
    if (status !== 304) throw new Error(`${path} answered ${status}, not 304`)
    return ms
  })
}

async function manyCalls(most: number, call: (turn: number) => Promise<number>): Promise<Times> {
  const took: number[] = []
  let sum = 0
  while (took.length < FEWEST_CALLS || (took.length < most && sum < WANTED_MS)) {
    const ms = await call(took.length)
    took.push(ms)
    sum += ms
  }
  return timesOf(took)
}
