/** A company's year of GPU jobs, of any size and the same each time; the bill for it is in `estate-bill.ts`. */
import { addDays, DAY_MS, type Day, startOf } from '../db/units/time.ts'
import { type MadeUpFile, made } from './million.ts'
import { normal, seeded } from './random.ts'

/**
 * How many jobs begin on each day of how many days. `lastingShare`: so many of them, as services do, hold their GPUs until
 * the estate's last day.
 */
export type Estate = { jobs: number; first: Day; days: number; lastingShare?: number }

export const PROVIDERS = ['aws', 'gcp', 'azure'] as const
export const GPU_TYPES = ['a100', 'h100', 'v100', 't4', 'l4', 'a10g'] as const
export const TEAMS = 12
export const MODELS = 40

const GPU_COUNTS = [1, 1, 1, 1, 2, 2, 4, 8] as const
/** A job lasts 22 minutes in the middle, a fifth of them more than 86 minutes, none more than five days. */
const [MEDIAN_LOG_SECONDS, DEVIATION, LONGEST_SECONDS] = [7.2, 1.6, 432_000] as const
/** Later teams, models and GPU types are chosen less often: index = count × random^skew. */
const SKEW = { team: 1.5, model: 2, gpuType: 1.3 } as const
/** So many jobs run elsewhere than at their team's provider. */
const ELSEWHERE = 0.15

/** GPU-seconds of one job on average: 2.5 GPUs for 4,800 seconds, less what the end of the year cuts off. */
export const MEAN_GPU_SECONDS = 11_900

/** The year that the measurements ask about. */
export function yearOf(jobs: number): Estate {
  return { jobs, first: '2025-07-01' as Day, days: 365 }
}

export type MadeUpJob = {
  id: string
  team: string
  model: string
  provider: string
  gpuType: string
  gpus: number
  startSecond: number
  endSecond: number
  status: 'completed' | 'failed' | 'cancelled'
}

/**
 * Job number `at`, whatever is asked before. Jobs come by day, as schedulers write them, so many on each; within a day in
 * no order. All have ended, the last ones at the end of the estate's last day. Times are epoch seconds.
 */
export function jobAt(at: number, { jobs, first, days, lastingShare = 0 }: Estate): MadeUpJob {
  const random = seeded(at)
  const team = Math.floor(TEAMS * random() ** SKEW.team)
  const model = Math.floor(MODELS * random() ** SKEW.model)
  const provider = (team + (random() < ELSEWHERE ? 1 : 0)) % PROVIDERS.length
  const gpuType = Math.floor(GPU_TYPES.length * random() ** SKEW.gpuType)
  const gpus = GPU_COUNTS[Math.floor(random() * GPU_COUNTS.length)] as number
  const start = startOf(first) / 1000
  const startSecond = start + Math.floor((at * days) / jobs) * 86_400 + Math.floor(random() * 86_400)
  const seconds = Math.min(Math.floor(Math.exp(MEDIAN_LOG_SECONDS + DEVIATION * normal(random))), LONGEST_SECONDS)
  const luck = random()
  const end = start + days * 86_400
  const lasts = lastingShare > 0 && random() < lastingShare
  return {
    ...{ id: `job-${String(at).padStart(8, '0')}`, team: teamName(team), model: `model-${two(model)}` },
    ...{ provider: PROVIDERS[provider] as string, gpuType: GPU_TYPES[gpuType] as string, gpus },
    ...{ startSecond, endSecond: lasts ? end : Math.min(startSecond + seconds, end) },
    status: luck < 0.8 ? 'completed' : luck < 0.92 ? 'failed' : 'cancelled',
  }
}

export const teamName = (team: number) => `team-${two(team)}`

/** The jobs as a file (jobs-csv), made while it is sent; `name` starts their ids. */
export function jobFile(estate: Estate, name = ''): MadeUpFile {
  const header = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status'
  return made(header, estate.jobs, (at) => {
    const { id, team, model, provider, gpuType, gpus, startSecond, endSecond, status } = jobAt(at, estate)
    const who = `${name}${id},${team},${model},${provider},${gpuType},${gpus}`
    const text = `${who},${iso(startSecond)},${iso(endSecond)},${status}`
    return { text, amount: BigInt(gpus * (endSecond - startSecond)) }
  })
}

/** The jobs of one more day, `later` days behind the last of the estate. */
export function laterDay(estate: Estate, jobs: number, later: number): Estate {
  return { jobs, first: addDays(estate.first, estate.days + later), days: 1 }
}

/** Which part of all jobs a pool has, in the long run. */
export function poolShare(provider: number, gpuType: number): number {
  const part = (index: number, count: number, skew: number) =>
    ((index + 1) / count) ** (1 / skew) - (index / count) ** (1 / skew)
  let atProvider = 0
  for (let team = 0; team < TEAMS; team += 1) {
    const ofTeam = part(team, TEAMS, SKEW.team)
    if (team % PROVIDERS.length === provider) atProvider += ofTeam * (1 - ELSEWHERE)
    if ((team + 1) % PROVIDERS.length === provider) atProvider += ofTeam * ELSEWHERE
  }
  return atProvider * part(gpuType, GPU_TYPES.length, SKEW.gpuType)
}

const dayTexts = new Map<number, string>()

/** What `Date.toISOString` would say without milliseconds, in a third of its time: a file has millions of them. */
function iso(second: number): string {
  const day = Math.floor(second / 86_400)
  let text = dayTexts.get(day)
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 11)
    dayTexts.set(day, text)
  }
  const inDay = second - day * 86_400
  return `${text}${two(Math.floor(inDay / 3600))}:${two(Math.floor(inDay / 60) % 60)}:${two(inDay % 60)}Z`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}
