import type { TeamId } from '../../db/units/ids.ts'
import type { HeldJob, PoolDay, TeamPoolDay } from './estate.ts'
import type { CostPart } from './overlap.ts'

type At = { day: string; provider: string; gpuType: string }

function idOf({ day, provider, gpuType }: At, ...more: string[]): string {
  return JSON.stringify([day, provider, gpuType, ...more])
}

/** A pool-day: all of it. */
export function wholePart(pool: PoolDay): CostPart {
  return { id: idOf(pool), costNanoUsd: pool.costNanoUsd }
}

/** What nobody held of it. */
export function unheldPart(pool: PoolDay): CostPart {
  return { id: idOf(pool, 'nobody'), costNanoUsd: pool.unheldNanoUsd }
}

/** What a team held of it. */
export function teamPart(team: TeamPoolDay): CostPart {
  return { id: idOf(team, team.teamId), costNanoUsd: team.heldNanoUsd }
}

/** A job's part of its day. */
export function jobPart({ thing, provider, gpuType, days }: HeldJob, at: number): CostPart {
  const { day = '', costNanoUsd = 0n } = days[at] ?? {}
  return { id: idOf({ day, provider, gpuType }, 'job', thing), costNanoUsd }
}

/** A team's tokens of a model. */
export function tokensPart(teamId: TeamId | null, model: string, costNanoUsd: bigint): CostPart {
  return { id: JSON.stringify(['tokens', teamId, model]), costNanoUsd }
}

/** The parts of a pool-day that a job's part is in, as far as they are known. */
export function partsOver(
  { pools, teamPools }: { pools: readonly PoolDay[] | null; teamPools: readonly TeamPoolDay[] },
  { provider, gpuType, teamId }: { provider: string; gpuType: string; teamId: TeamId },
  day: string,
): CostPart[] {
  const isIt = (one: At) => one.day === day && one.provider === provider && one.gpuType === gpuType
  const pool = pools?.find(isIt)
  const team = teamPools.find((one) => isIt(one) && one.teamId === teamId)
  return [...(pool ? [wholePart(pool)] : []), ...(team ? [teamPart(team)] : [])]
}
