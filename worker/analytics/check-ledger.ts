import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { readBatch } from '../../db/client.ts'
import { gpuHoursText, gpuSecondsOfMs } from '../../db/units/gpu.ts'
import { type NanoUsd, usdText } from '../../db/units/money.ts'
import { addDays, type Day, dayOf, type Window } from '../../db/units/time.ts'
import { AnsweredDay, Instant } from '../answer-fields.ts'
import { minutesSince } from '../monitoring/clock-runs.ts'
import type { Scope } from '../scope.ts'
import { DAY_INVARIANTS, type Invariant, MONTH_INVARIANTS, type Within, withinWindow } from './invariants.ts'
import { wronglyCut } from './job-days.ts'
import { monthOf, nextMonth } from './periods.ts'

/** One rule that does not hold. */
export const LedgerFinding = z.object({
  rule: z.string().meta({ examples: ['cells'] }),
  message: z.string().describe('What should hold'),
  count: z.number().int().describe('Places where it does not'),
  examples: z.array(z.string()).describe('The first of them, in words'),
})
export type LedgerFinding = z.output<typeof LedgerFinding>

/** What a check has looked at and found. It holds where nothing was found. */
export const LedgerCheck = z.object({
  holds: z.boolean(),
  isSample: z.boolean().describe('The last 35 days, one older month and one in 30 jobs: each night others'),
  startDate: AnsweredDay.nullable().describe('First day of the ledger that was looked at; null: it is empty'),
  endDate: AnsweredDay.nullable(),
  dayCount: z.number().int().describe('Days that were looked at'),
  jobCount: z.number().int().describe('Jobs whose days were compared with what they held'),
  finishedAtMs: Instant,
  findings: z.array(LedgerFinding),
})
export type LedgerCheck = z.output<typeof LedgerCheck>

/** What to look at: all of it, a window of days with the jobs that hold them, or tonight's sample. */
export type CheckReach = 'everything' | 'sample' | Window

const DAYS_PER_PAGE = 7
const JOBS_PER_PAGE = 5_000n
/** Offenders that are named, of however many. */
const EXAMPLES = 5
const SAMPLED_DAYS = 35
/** A sample looks at the newest jobs, and at one in so many of the others, other ones each night. */
const NIGHTS = 30n
const NEWEST_JOBS = 50_000n
/** How long pool-days may wait to be shared, as /health/detailed has it. */
const LATE_MINUTES = 15

/**
 * Whether the ledger is what its facts make of it, without writing: cost against bill lines, parts against cost, cells
 * against job-days, rollups against cells, days of jobs against their length, and nothing that waits too long. Reads page
 * by page, each page of one instant, so it may run beside imports; what was found is told in words with the first places.
 */
export async function checkLedger(scope: Pick<Scope, 'db' | 'now'>, reach: CheckReach): Promise<LedgerCheck> {
  const found = new Map<string, LedgerFinding>()
  const note = (rule: string, message: string, count: number, examples: string[]) => {
    if (count === 0) return
    const known = found.get(rule) ?? { rule, message, count: 0, examples: [] }
    known.count += count
    known.examples = [...known.examples, ...examples].slice(0, EXAMPLES)
    found.set(rule, known)
  }
  const windows = await windowsOf(scope, reach)
  const months = new Set<string>()
  let dayCount = 0
  for (const { from, before } of windows) {
    for (let day = from; day < before; day = addDays(day, DAYS_PER_PAGE)) {
      const end = addDays(day, DAYS_PER_PAGE)
      const page = { from: day, before: end < before ? end : before }
      dayCount += Math.round((Date.parse(page.before) - Date.parse(page.from)) / 86_400_000)
      await look(scope, DAY_INVARIANTS, withinWindow(page), note)
    }
    for (let month = monthOf(from); `${month}-01` < before; month = nextMonth(month)) months.add(month)
  }
  for (const month of months)
    await look(scope, MONTH_INVARIANTS, withinWindow({ from: month, before: nextMonth(month) }), note)
  const jobCount = await checkJobs(scope, reach, note)
  await checkWaiting(scope, note)
  const findings = [...found.values()]
  return {
    ...{ holds: findings.length === 0, isSample: reach === 'sample' },
    startDate: windows.map(({ from }) => from).sort()[0] ?? null,
    endDate:
      windows.length === 0
        ? null
        : addDays(
            windows
              .map(({ before }) => before)
              .sort()
              .at(-1) as Day,
            -1,
          ),
    ...{ dayCount, jobCount, finishedAtMs: scope.now(), findings },
  }
}

type Note = (rule: string, message: string, count: number, examples: string[]) => void

async function look(
  { db }: Pick<Scope, 'db'>,
  invariants: readonly Invariant[],
  within: Within,
  note: Note,
): Promise<void> {
  const answers = await readBatch(
    db,
    invariants.map(
      ({ broken }) =>
        sql`select *, count(*) over () as broken from (${broken(within)}) order by place limit ${BigInt(EXAMPLES)}`,
    ),
  )
  for (const [index, { rule, words, unit }] of invariants.entries()) {
    const rows = answers[index]?.rows ?? []
    const say = ({ place, found, wanted }: Record<string, unknown>) =>
      found === wanted ? String(place) : `${place}: ${amount(unit, found)} instead of ${amount(unit, wanted)}`
    note(rule, words, Number(rows[0]?.broken ?? 0n), rows.map(say))
  }
}

function amount(unit: Invariant['unit'], value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (unit === 'usd') return `$${usdText(value as NanoUsd)}`
  return unit === 'gpu_ms' ? `${gpuHoursText(gpuSecondsOfMs(value as bigint))} GPU-hours` : String(value)
}

/** Jobs in pages of their rows. Answers how many were compared. */
async function checkJobs({ db, now }: Pick<Scope, 'db' | 'now'>, reach: CheckReach, note: Note): Promise<number> {
  const [edge] = await db.all<{ last: bigint | null }>(sql`select max(id) as last from jobs`)
  const last = edge?.last ?? 0n
  const night = BigInt(Math.floor(now() / 86_400_000)) % NIGHTS
  const slice = last / NIGHTS + 1n
  const newest = last > NEWEST_JOBS ? last - NEWEST_JOBS : 0n
  const ranges: [after: bigint, upTo: bigint][] =
    reach === 'sample' && newest > 0n
      ? [
          [night * slice, (night + 1n) * slice < newest ? (night + 1n) * slice : newest],
          [newest, last],
        ]
      : [[0n, last]]
  let compared = 0
  for (const [start, upTo] of ranges)
    for (let after = start; after < upTo; ) {
      const end = after + JOBS_PER_PAGE < upTo ? after + JOBS_PER_PAGE : upTo
      const ids = sql`select j.id from jobs j where j.id > ${after} and j.id <= ${end} and ${heldIn(reach)}`
      const [all, broken] = await readBatch(db, [
        sql`select count(*) as jobs from (${ids})`,
        sql`select w.*, j.job_id as name, count(*) over () as broken
          from (${wronglyCut(ids, now(), 'days that are over')}) w join jobs j on j.id = w.job_id
          order by w.job_id limit ${BigInt(EXAMPLES)}`,
      ])
      compared += Number(all?.rows[0]?.jobs ?? 0n)
      const rows = broken?.rows ?? []
      const say = (row: Record<string, unknown>) =>
        `job_${row.job_id} (${row.name}): days missing: ${row.missing}, days too many: ${row.spare}`
      note('job_days', 'A job’s days make up the time that it held GPUs', Number(rows[0]?.broken ?? 0n), rows.map(say))
      after = end
    }
  return compared
}

function heldIn(reach: CheckReach): SQL {
  if (typeof reach === 'string') return sql`1`
  const [from, before] = [Date.parse(reach.from), Date.parse(reach.before)].map(BigInt)
  return sql`j.started_at_ms < ${before} and coalesce(j.ended_at_ms, iif(j.status = 'running', ${before}, j.started_at_ms)) >= ${from}`
}

async function checkWaiting(scope: Pick<Scope, 'db' | 'now'>, note: Note): Promise<void> {
  const rows = await scope.db.all<{ place: string; broken: bigint }>(sql`
    select d.day || ' ' || p.provider || ' ' || p.gpu_type as place, count(*) over () as broken
    from pool_days d join pools p on p.id = d.pool_id where d.is_stale = 1 order by d.day, d.pool_id limit ${BigInt(EXAMPLES)}`)
  if (rows.length === 0 || (await minutesSince(scope, 'share')) <= LATE_MINUTES) return
  const words = `No pool-day waits to be shared for more than ${LATE_MINUTES} minutes`
  note(
    'waiting',
    words,
    Number(rows[0]?.broken ?? 0n),
    rows.map(({ place }) => place),
  )
}

/** The windows of a reach, within what the ledger knows: none of an empty one. */
async function windowsOf({ db, now }: Pick<Scope, 'db' | 'now'>, reach: CheckReach): Promise<Window[]> {
  const ends = await readBatch(
    db,
    ['pool_days.day', 'ledger_cells.day', 'job_day_shares.day', 'bill_days.day', 'cost_entries.entry_date'].flatMap(
      (name) => {
        const [table = '', column = ''] = name.split('.')
        return ['min', 'max'].map((end) => sql.raw(`select ${end}(${column}) as day from ${table}`))
      },
    ),
  )
  const months = await readBatch(
    db,
    MONTH_INVARIANTS.flatMap(({ rule }) => {
      const cube = rule.slice('rollup_'.length)
      return [cube, cube.toLowerCase()].flatMap((code) =>
        ['min', 'max'].map(
          (end) => sql`select ${sql.raw(end)}(period) as period from ledger_rollups where cube = ${code}`,
        ),
      )
    }),
  )
  const textsOf = (answers: typeof ends) =>
    answers.flatMap(({ rows }) => Object.values(rows[0] ?? {}).filter((text) => text !== null))
  const texts = [...textsOf(ends), ...textsOf(months)].map(String)
  const known = texts.filter((text) => text.length > '2026-01'.length)
  // A month's sums stand for its days only where no day of it is known.
  const alone = texts.filter((text) => !known.some((day) => day.startsWith(text))).map((month) => `${month}-01`)
  const days = [...known, ...alone].sort() as Day[]
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return []
  const all: Window = { from: first, before: addDays(last, 1) }
  if (reach === 'everything') return [all]
  if (reach !== 'sample') return clipped(all, [reach])
  const today = dayOf(now())
  const recent = { from: addDays(today, -SAMPLED_DAYS), before: addDays(today, 1) }
  const older: string[] = []
  for (let month = monthOf(first); `${month}-01` < recent.from; month = nextMonth(month)) older.push(month)
  const turn = older[Math.floor(now() / 86_400_000) % Math.max(1, older.length)]
  const ahead = { from: recent.before, before: all.before } // what was billed ahead: seldom, and short
  if (turn === undefined) return clipped(all, [recent, ahead])
  const end = `${nextMonth(turn)}-01` as Day
  return clipped(all, [{ from: `${turn}-01` as Day, before: end < recent.from ? end : recent.from }, recent, ahead])
}

function clipped(all: Window, windows: readonly Window[]): Window[] {
  return windows.flatMap(({ from, before }) => {
    const clip = { from: from > all.from ? from : all.from, before: before < all.before ? before : all.before }
    return clip.from < clip.before ? [clip] : []
  })
}
