import { addDays } from '../../../db/units/time.ts'
import { doorTo } from '../doors.ts'
import { byPool, nameOfPool, sumOf } from '../estate.ts'
import { percent } from '../monthly.ts'
import { partsOver } from '../parts.ts'
import { type AdviceKind, MOST_EVIDENCE } from './kind.ts'

/** GPUs that a team held and that were measured to do nothing. */
export const allocatedIdle: AdviceKind = {
  kind: 'allocated-idle',
  name: 'Held, and idle',
  how: 'What held GPU-hours cost that were measured to do nothing, split over the teams of a pool by the GPU-hours that each held; only where the pool was measured.',
  find: (estate) => {
    const { window, teamPools, pools } = estate
    const found = byPool(teamPools).flatMap(([pool, rows]) =>
      [...Map.groupBy(rows, ({ teamId }) => teamId)].flatMap(([teamId, all]) => {
        const idle = all.filter(({ idleHeldNanoUsd }) => idleHeldNanoUsd > 0n)
        if (idle.length === 0) return []
        const [lost, held] = [sumOf(idle, (day) => day.idleHeldNanoUsd), sumOf(all, (day) => day.heldNanoUsd)]
        const isAlone = rows.every((row) => row.teamId === teamId) && pools !== null
        const team = idle[0]?.teamName ?? ''
        const filters = { provider: pool.provider, gpu_type: pool.gpuType, team_id: teamId }
        return [
          {
            ...{ thing: JSON.stringify([pool.provider, pool.gpuType, teamId]), teamId, effort: 'medium' as const },
            title: `${team} holds ${nameOfPool(pool)} that does nothing`,
            action: 'Release GPUs that wait, or let several jobs share one',
            formula: `Σ over ${idle.length} days of held GPU-hours that were measured idle × what a held GPU-hour cost: ${percent(lost, held)} of what ${team} held`,
            confidence: isAlone ? ('high' as const) : ('medium' as const),
            because: isAlone
              ? `Measured on ${idle.length} days, and nobody else held the pool`
              : 'Measured of the pool: its idle time is split over its teams by the GPU-hours that each held',
            href: doorTo('/jobs', window, filters),
            evidence: [...idle]
              .sort((a, b) => (a.idleHeldNanoUsd > b.idleHeldNanoUsd ? -1 : 1))
              .slice(0, MOST_EVIDENCE)
              .map((day) => ({
                ...{ what: day.day, costNanoUsd: day.idleHeldNanoUsd, gpuSeconds: day.gpuSeconds },
                note: `${percent(day.idleHeldNanoUsd, day.heldNanoUsd)} of what was held was measured idle`,
                href: doorTo('/jobs', { from: day.day, before: addDays(day.day, 1) }, filters),
              })),
            claims: idle.map((day) => ({
              path: partsOver(estate, day, day.day),
              ...{ touchedNanoUsd: day.idleHeldNanoUsd, savedNanoUsd: day.idleHeldNanoUsd },
            })),
            isWorth: lost * 10n >= held,
          },
        ]
      }),
    )
    const unmeasured =
      pools === null ? [] : byPool(pools.filter(({ heldMs, measuredMs }) => heldMs > 0n && !measuredMs))
    return {
      found,
      notLooked: unmeasured.map(([pool]) => ({
        ...{ thing: nameOfPool(pool), missing: 'Nobody measured how busy it was on some days' },
      })),
    }
  },
}
