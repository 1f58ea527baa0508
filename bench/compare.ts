import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays } from '../db/units/time.ts'
import type { Caller } from './caller.ts'
import { duckDb } from './duckdb.ts'
import type { Estate } from './estate.ts'
import { range } from './questions.ts'
import { rawSql } from './raw-sql.ts'
import { allDays, type Days, type Rival } from './rivals.ts'
import { type Times, timesOf } from './times.ts'

const QUARTER = 90
/** Of a rival that takes seconds; those that are faster are asked more often. */
const FEWEST_CALLS = 3
const MOST_CALLS = 20
const WANTED_MS = 4_000
/** Sums of rationals there, of whole nano-dollars here. */
const MOST_APART = 1e-6
/** Windows that are compared and measured: the last 90 days, and others before. */
const SHIFTS = [0, 30, 61, 100, 187]

/** What the rivals took for by team, 90 days; null: not for this machine. `apart`: the largest relative difference. */
export type Compared =
  | { name: string; loadSeconds: number; times: Times; apart: number }
  | { name: string; times: null }

/**
 * The same question on the same jobs in other engines, which must give the same answer: throws where a team's dollars are
 * more than a millionth apart from Heliox's.
 */
export async function compare(caller: Caller, estate: Estate): Promise<Compared[]> {
  const lines: Compared[] = []
  for (const open of [rawSql, duckDb]) {
    const folder = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
    try {
      const rival = await open(estate, folder)
      if (!rival) {
        lines.push({ name: 'DuckDB: npm has no build for this machine', times: null })
        continue
      }
      lines.push(await against(rival, caller, estate))
      rival.close()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return lines
}

async function against(rival: Rival, caller: Caller, estate: Estate): Promise<Compared> {
  const took: number[] = []
  let [sum, apart] = [0, 0]
  while (took.length < FEWEST_CALLS || (took.length < MOST_CALLS && sum < WANTED_MS)) {
    const days = windowAt(took.length, estate)
    const startedAt = performance.now()
    const there = await rival.byTeam(days)
    const ms = performance.now() - startedAt
    took.push(ms)
    sum += ms
    if (took.length <= SHIFTS.length) apart = Math.max(apart, differenceOf(there, await byTeam(caller, estate, days)))
  }
  if (!(apart <= MOST_APART)) throw new Error(`${rival.name} and Heliox are ${apart} apart: one of them is wrong`)
  return { name: rival.name, loadSeconds: rival.loadSeconds, times: timesOf(took), apart }
}

function windowAt(turn: number, estate: Estate): Days {
  const { from, before } = allDays(estate)
  const shift = (SHIFTS[turn % SHIFTS.length] ?? 0) % Math.max(1, estate.days - QUARTER + 1)
  return { from: Math.max(from, before - shift - QUARTER), before: before - shift }
}

async function byTeam(caller: Caller, estate: Estate, { from, before }: Days): Promise<Map<string, number>> {
  const start = addDays(estate.first, from - allDays(estate).from)
  type Row = { team_name: string; total_cost_usd: string }
  const rows = await caller.json<Row[]>(`/analytics/cost/by-team?${range(start, addDays(start, before - from - 1))}`)
  return new Map(rows.map((row) => [row.team_name, Number(row.total_cost_usd)]))
}

/** The largest relative difference of a team's dollars; 1 where one of the two lacks a team. What is nobody's is no team. */
function differenceOf(there: Map<string, number>, here: Map<string, number>): number {
  const teams = [...new Set([...there.keys(), ...here.keys()])].filter((name) => !name.startsWith('__'))
  if (teams.length === 0) return 1
  const apart = (a: number, b: number) => Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1e-9)
  return Math.max(...teams.map((team) => apart(there.get(team) ?? 0, here.get(team) ?? 0)))
}
