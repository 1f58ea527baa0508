import { sql } from 'drizzle-orm'
import type { NanoUsd } from '../../db/units/money.ts'
import { addDays, type Day, dayOf, daysIn, type Window } from '../../db/units/time.ts'
import { type Cell, cellsTogether } from '../analytics/ledger.ts'
import { type Visible, visibleQuestion } from '../analytics/visible-question.ts'
import type { Question } from '../analytics/window.ts'
import type { Scope } from '../scope.ts'
import { meteredCalls } from '../tokens/metered-calls.ts'
import { type Dimension, nameOf, type Series, seriesKey, seriesOf } from './series.ts'

/** Days before the first that is asked for: eight weeks of baseline, and eight for what it is made of to settle. */
const LOOK_BACK = 112
/** A provider whose bill ends so many days before the others' has not sent it yet; one that ended earlier has ended. */
const LATE_DAYS = 3

/** A series by day; null: nothing is known of the day, which is not zero. */
export type DailyCost = {
  series: Series
  key: string
  name: string
  costs: readonly (bigint | null)[]
}

export type SeriesRead = {
  /** All of them, those before the asked window as well. */
  days: readonly Day[]
  /** The last day that is over and billed; null: there is none. */
  lastDay: Day | null
  firstDay: Day | null
  all: readonly DailyCost[]
  isPartial: boolean
}

/**
 * The daily series of a dimension, from 16 weeks before the window up to its last complete day: one that is over, and that
 * every provider which still bills has billed. A day on which nobody was billed anything is not known; before its first
 * cost a series is not there.
 */
export async function readSeries(scope: Scope, asked: Question & { dimension: Dimension }): Promise<SeriesRead> {
  const { dimension, window } = asked
  const name = nameOf(dimension)
  const question = visibleQuestion(scope, { ...asked, basis: 'allocation' }, name === null ? [] : [name])
  const { isPartial } = question
  const known = dimension === 'tokens' ? await meteredDays(scope) : await billedDays(scope)
  const { firstDay } = known
  const today = dayOf(scope.now())
  const last = known.lastDay !== null && known.lastDay >= today ? addDays(today, -1) : known.lastDay
  const end = last !== null && last < addDays(window.before, -1) ? last : addDays(window.before, -1)
  const from = addDays(window.from, -LOOK_BACK)
  if (last === null || firstDay === null || end < from) return { days: [], lastDay: last, firstDay, all: [], isPartial }
  const whole: Window = { from: from < firstDay ? firstDay : from, before: addDays(end, 1) }
  const days = daysIn(whole)
  const cells =
    dimension === 'tokens'
      ? await tokenCells(scope, question, whole)
      : (
          await cellsTogether(scope, [
            { question: { ...question, window: whole }, by: { time: 'day', names: name === null ? [] : [name] } },
          ])
        )[0]
  const isKnown = dimension === 'tokens' ? null : await daysWithBill(scope, whole)
  return { days, lastDay: last, firstDay, all: dailyCosts(cells ?? [], question, dimension, days, isKnown), isPartial }
}

function dailyCosts(
  cells: readonly Cell[],
  { filters }: Visible,
  dimension: Dimension,
  days: readonly Day[],
  isKnown: ReadonlySet<string> | null,
): DailyCost[] {
  const at = new Map(days.map((day, index) => [day as string, index]))
  const found = new Map<string, { series: Series; name: string; costs: bigint[] }>()
  for (const cell of cells) {
    const index = at.get(cell.period ?? '')
    if (index === undefined) continue
    const series = seriesOf(dimension, cell, filters)
    if (series.value === '' && series.kind === 'owner' && dimension !== 'company') continue // a charge without the name
    const key = seriesKey(series)
    const one = found.get(key) ?? { series, name: cell.names[0] ?? '', costs: days.map(() => 0n) }
    found.set(key, one)
    one.costs[index] = (one.costs[index] ?? 0n) + cell.costNanoUsd
  }
  return [...found].map(([key, { series, name, costs }]) => {
    const first = costs.findIndex((cost) => cost !== 0n)
    const known = costs.map((cost, index) =>
      index < first || first < 0 || (isKnown && !isKnown.has(days[index] ?? '')) ? null : cost,
    )
    return { series, key, name, costs: known }
  })
}

type Ends = { firstDay: Day | null; lastDay: Day | null }

/** The first billed day, and the last that every provider which still bills has billed. */
async function billedDays({ db }: Scope): Promise<Ends> {
  const [ends] = await db.all<{ first: Day | null; last: Day | null }>(sql`
    select (select day from pool_days where cost_nano_usd is not null order by day limit 1) as first,
      (select day from pool_days where cost_nano_usd is not null order by day desc limit 1) as last`)
  if (!ends?.last) return { firstDay: null, lastDay: null }
  const providers = await db.all<{ last: Day }>(sql`
    select max(d.day) as last from pool_days d join pools p on p.id = d.pool_id
    where d.cost_nano_usd is not null and d.day > ${addDays(ends.last, -LATE_DAYS - 1)} group by p.provider`)
  const lastDay = providers.reduce((least, { last }) => (last < least ? last : least), ends.last)
  return { firstDay: ends.first, lastDay }
}

async function daysWithBill({ db }: Scope, { from, before }: Window): Promise<Set<string>> {
  const rows = await db.all<{ day: string }>(sql`
    select distinct day from pool_days where day >= ${from} and day < ${before} and cost_nano_usd is not null`)
  return new Set(rows.map(({ day }) => day))
}

/** Metered calls are there at once: every day that is over is known. */
async function meteredDays(scope: Scope): Promise<Ends> {
  const [row] = await scope.db.all<{ first: Day | null }>(
    sql`select min(day) as first from (${meteredCalls(scope, {})})`,
  )
  return { firstDay: row?.first ?? null, lastDay: row?.first ? dayOf(scope.now()) : null }
}

async function tokenCells(scope: Scope, { filters }: Visible, { from, before }: Window): Promise<Cell[]> {
  const rows = await scope.db.all<{ day: string; model: string; cost: bigint | null }>(sql`
    select m.day, m.model, coalesce(sum(m.cost), 0) as cost
    from (${meteredCalls(scope, { start: from, end: addDays(before, -1) })}) m
    where m.model <> '' and ${inList('m.model', filters.modelName)} and ${inList('m.provider', filters.provider)}
      and ${inList('m.team_id', filters.teamId?.map((id) => Number(id.slice(5))) ?? null)}
    group by 1, 2`)
  const none = { teamId: null, jobCount: null, gpuSeconds: null, unmeasuredGpuSeconds: null, uncostedGpuSeconds: null }
  return rows.map(({ day, model, cost }) => ({
    ...{ period: day, names: [model], kind: 'owner', costNanoUsd: (cost ?? 0n) as NanoUsd, ...none },
  }))
}

function inList(column: string, values: readonly (string | number)[] | null) {
  if (values === null) return sql`1`
  return sql`${sql.raw(column)} in (select value from json_each(${JSON.stringify(values)}))`
}
