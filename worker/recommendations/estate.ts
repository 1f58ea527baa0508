import type { z } from 'zod'
import type { JobStatus } from '../../db/schema/jobs.ts'
import type { Id, TeamId } from '../../db/units/ids.ts'
import type { Day, EpochMs, Window } from '../../db/units/time.ts'
import type { ModelRead } from '../unit-economics/read-economics.ts'
import type { ServedModel } from '../unit-economics/unit-economics.ts'

/** What a team held of a pool on a day, by what came of it (see the bridge of waste). */
export type TeamPoolDay = {
  day: Day
  provider: string
  gpuType: string
  teamId: TeamId
  teamName: string
  gpuSeconds: number
  /** What its GPU time cost; the idle capacity that it carries is not in it. */
  heldNanoUsd: bigint
  idleHeldNanoUsd: bigint
  lostNanoUsd: bigint
}

/** A pool's day as billed, held and measured. */
export type PoolDay = {
  day: Day
  provider: string
  gpuType: string
  costNanoUsd: bigint
  /** Of it, capacity that nobody held. */
  unheldNanoUsd: bigint
  /** Null: not known. */
  capacityMs: bigint | null
  heldMs: bigint
  /** Of the held time: what a measurement covers, and of that what was busy; null: nobody measured. */
  measuredMs: bigint | null
  busyHeldMs: bigint | null
}

/** A job that ran, failed or was cancelled in the window. */
export type HeldJob = {
  id: Id<'job'>
  /** Source, its own id and run: the same after every import. */
  thing: string
  name: string
  teamId: TeamId
  teamName: string
  /** What it was a try of: its name, or its model. */
  pattern: string
  userName: string
  provider: string
  gpuType: string
  gpuMilli: number
  status: JobStatus
  startedAtMs: EpochMs
  /** Now, where it still runs. */
  endedAtMs: EpochMs
  /** When the same was tried again; null: not in the window. */
  triedAgainAtMs: EpochMs | null
  days: { day: Day; costNanoUsd: bigint; gpuSeconds: number }[]
}

/** How long jobs of a pattern took that completed. */
export type Like = {
  teamId: TeamId
  provider: string
  gpuType: string
  pattern: string
  count: number
  longestMs: number
}

/** Lines of the bill that say how many GPU-hours they bought. */
export type BilledHours = {
  day: Day
  provider: string
  gpuType: string
  region: string
  /** As FOCUS says it, lower-cased: "standard", "committed"; '' where the source does not. */
  pricing: string
  costNanoUsd: bigint
  /** Null: some line does not say. */
  listNanoUsd: bigint | null
  gpuSeconds: bigint
}

/** The same prompt asked again of the same model, with the same parameters, where its words are kept. */
export type Repeats = {
  teamId: TeamId | null
  model: string
  promptCount: number
  repeatCount: number
  /** What the calls after the first of each cost. */
  repeatNanoUsd: bigint
  costNanoUsd: bigint
  exampleId: string
}

/** Calls whose answer nobody watched coming: not streamed, of no tier of its own. */
export type PlainCalls = {
  teamId: TeamId | null
  /** As served. */
  model: string
  asked: string
  provider: string
  callCount: number
  input: bigint
  cachedInput: bigint
  cacheWrite: bigint
  output: bigint
  reasoning: bigint
  costNanoUsd: bigint
}

/** All that advice is made of, of one window. */
export type Estate = {
  window: Window
  /** Days of the window. */
  days: number
  nowMs: EpochMs
  /** Null for who sees teams only: pools are the company's. */
  pools: PoolDay[] | null
  teamPools: TeamPoolDay[]
  jobs: HeldJob[]
  likes: Like[]
  /** Null as `pools`. */
  billed: BilledHours[] | null
  /** Calls by model, of what the asker sees. */
  models: Map<string, ModelRead>
  teamNames: ReadonlyMap<TeamId, string>
  served: z.output<typeof ServedModel>[]
  repeats: Repeats[]
  /** Calls of the gateway that were kept without their words. */
  callsWithoutWords: number
  plainCalls: PlainCalls[]
}

export type PoolName = { provider: string; gpuType: string }

/** "aws h100": as a pool is called in titles. */
export function nameOfPool({ provider, gpuType }: PoolName): string {
  return gpuType === '' ? provider : `${provider} ${gpuType}`
}

/** Groups by pool, in the order of names. */
export function byPool<Row extends PoolName>(rows: readonly Row[]): [PoolName, Row[]][] {
  const groups = Map.groupBy(rows, ({ provider, gpuType }) => JSON.stringify([provider, gpuType]))
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, of]) => [{ provider: of[0]?.provider ?? '', gpuType: of[0]?.gpuType ?? '' }, of])
}

export function sumOf<Row>(rows: readonly Row[], of: (row: Row) => bigint | null): bigint {
  return rows.reduce((sum, row) => sum + (of(row) ?? 0n), 0n)
}
