import { sql } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import { addDays, type Day, daysIn, type Window } from '../../db/units/time.ts'
import { cellsTogether } from '../analytics/ledger.ts'
import { measuredDays } from '../analytics/measured-days.ts'
import { visibleQuestion } from '../analytics/visible-question.ts'
import { NO_FILTERS } from '../analytics/window.ts'
import { visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readEconomics } from '../unit-economics/read-economics.ts'
import { unitEconomics } from '../unit-economics/unit-economics.ts'
import type { BilledHours, Estate, PoolDay, TeamPoolDay } from './estate.ts'
import { callStatements, callsOf } from './read-calls.ts'
import { jobStatements, jobsOf } from './read-jobs.ts'

const MEASURES = ['useful_nano_usd', 'idle_held_nano_usd', 'lost_nano_usd', 'not_measured_nano_usd'] as const

type Row = Record<string, bigint | string | null>

/** Reads all that advice is made of, of the days of a window, as far as the asker sees it. */
export async function readEstate(scope: Scope, window: Window): Promise<Estate> {
  const isWhole = visibleTeams(scope) === null
  const question = visibleQuestion(scope, {
    window,
    basis: 'allocation',
    cost: 'effective',
    filters: NO_FILTERS,
  } as const)
  const by = { time: 'day', names: ['team', 'provider', 'gpu_type'] } as const
  const [cells = []] = await cellsTogether(scope, [{ question, by, more: MEASURES }])
  const [jobs, calls] = [jobStatements(scope, window), callStatements(scope, window)]
  const answers = await readBatch(scope.db, [
    ...jobs,
    ...calls,
    ...(isWhole ? [measuredDays(question), billedHours(window)] : []),
  ])
  const rows = answers.map((answer) => answer.rows as unknown as Row[])
  const teamPools = cells.flatMap(({ period, names, kind, teamId, gpuSeconds, sums = {} }): TeamPoolDay[] => {
    const [teamName = '', provider = '', gpuType = ''] = names
    if (kind !== 'owner' || teamId === null) return []
    const [useful = 0n, idle = 0n, lost = 0n, unmeasured = 0n] = MEASURES.map((name) => sums[name] ?? 0n)
    return [
      {
        ...{ day: period as Day, provider, gpuType, teamId, teamName, gpuSeconds: gpuSeconds ?? 0 },
        ...{ heldNanoUsd: useful + idle + lost + unmeasured, idleHeldNanoUsd: idle, lostNanoUsd: lost },
      },
    ]
  })
  const { models, teams } = await readEconomics(scope, window, undefined)
  const seen = visibleTeams(scope)
  for (const read of models.values())
    if (seen) read.calls = read.calls.filter(({ teamId }) => teamId !== null && seen.includes(teamId))
  const { served } = await unitEconomics(scope, { start: window.from, end: addDays(window.before, -1) })
  return {
    ...{ window, days: daysIn(window).length, nowMs: scope.now(), teamPools },
    pools: isWhole ? poolDays(rows[jobs.length + calls.length] ?? [], teamPools) : null,
    billed: isWhole ? (rows[jobs.length + calls.length + 1] ?? []).map(billedOf) : null,
    ...jobsOf(rows.slice(0, jobs.length), scope.now()),
    ...callsOf(rows.slice(jobs.length, jobs.length + calls.length)),
    ...{ models, teamNames: teams, served },
  }
}

function poolDays(rows: readonly Row[], teamPools: readonly TeamPoolDay[]): PoolDay[] {
  const keyOf = ({ day, provider, gpuType }: Row | TeamPoolDay) => JSON.stringify([day, provider, gpuType])
  const held = new Map<string, bigint>()
  for (const one of teamPools) held.set(keyOf(one), (held.get(keyOf(one)) ?? 0n) + one.heldNanoUsd)
  return rows.flatMap((row): PoolDay[] => {
    if (row.cost === null) return []
    const cost = row.cost as bigint
    return [
      {
        ...{ day: row.day as Day, provider: String(row.provider), gpuType: String(row.gpuType), costNanoUsd: cost },
        unheldNanoUsd: cost - (held.get(keyOf(row)) ?? 0n),
        ...{ capacityMs: row.capacityMs as bigint | null, heldMs: row.heldMs as bigint },
        ...{ measuredMs: row.measuredMs as bigint | null, busyHeldMs: row.busyHeldMs as bigint | null },
      },
    ]
  })
}

/** Lines that say how many GPU-hours they bought, by pool, region and how they are priced: no answer of the ledger has prices. */
function billedHours(window: Window) {
  return sql`select entry_date as day, provider, gpu_type as gpuType, region, lower(pricing_category) as pricing,
      sum(effective_nano_usd) as cost, iif(count(*) = count(list_nano_usd), sum(list_nano_usd), null) as list,
      sum(capacity_gpu_seconds) as seconds
    from ledger_costs where entry_date >= ${window.from} and entry_date < ${window.before} and gpu_type <> ''
      and capacity_gpu_seconds > 0 group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`
}

function billedOf(row: Row): BilledHours {
  return {
    ...{ day: row.day as Day, provider: String(row.provider), gpuType: String(row.gpuType) },
    ...{ region: String(row.region), pricing: String(row.pricing), costNanoUsd: row.cost as bigint },
    ...{ listNanoUsd: row.list as bigint | null, gpuSeconds: row.seconds as bigint },
  }
}
