/** Small estates as they may come in: everything that a ledger can get wrong, at random. */
import { addDays, type Day, startOf } from '../db/units/time.ts'
import { oneOf, whole } from './random.ts'

/** Months, years and clock changes (New York, Berlin, Lord Howe) begin within the days that follow. */
const BASES = ['2024-02-26', '2025-03-28', '2025-10-24', '2025-12-29', '2026-03-06', '2026-04-02'] as const
export const DAYS = 5
const ZONES = ['', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe'] as const
const OFFSETS = ['Z', '+05:30', '-08:00', '+12:45'] as const
const POOLS = [
  ['aws', 'h100'],
  ['aws', 'a100'],
  ['gcp', 'h100'],
] as const
/** Parts of a GPU (time-slicing, a seventh of one, the smallest that counts), and whole ones. */
const GPU_COUNTS = ['0.25', '0.143', '0.001', '1.5', '0', '1', '2', '8', '1000'] as const
const ENDED = ['completed', 'failed', 'cancelled'] as const

/** What all estates of one database share: their days, their clusters' zone, and when "now" is, twice. */
export type Setting = { first: Day; zone: string; nowMs: number; laterMs: number }

export function settingOf(random: () => number): Setting {
  const first = oneOf(BASES, random) as string as Day
  const nowMs = startOf(first) + whole(1, DAYS * 86_400_000, random)
  return { first, zone: oneOf(ZONES, random), nowMs, laterMs: nowMs + whole(1, 2 * 86_400_000, random) }
}

/** A line of a bill: of the invoice of one account and month. Money in nano-dollars; null: not said. */
export type Line = {
  account: string
  day: Day
  provider: string
  gpuType: string
  effective: bigint
  billed: bigint
  list: bigint | null
  gpuHours: string
}

/** One estate, `name` in all that is its own: lines of bills, then some of them said anew; rows of files of jobs. */
export type RandomEstate = {
  name: string
  providers: string[]
  bill: Line[]
  restated: Line[]
  /** Of the plain cost file; dearer than nothing, one for each pool-day. */
  costs: Line[]
  jobs: string[]
  changedJobs: string[]
  sacct: string[]
  /** Measured GPU-hours of pool-days. */
  usage: string[]
}

export function randomEstate(name: string, setting: Setting, random: () => number): RandomEstate {
  const many = <T>(most: number, one: (at: number) => T) =>
    Array.from({ length: whole(0, most, random) }, (_, at) => one(at))
  const lineAt = () => randomLine(name, setting, random)
  const bill = many(14, lineAt)
  const months = new Set(bill.map(({ day }) => day.slice(0, 7)))
  const restated = random() < 0.4 ? many(6, lineAt).filter(({ day }) => months.has(day.slice(0, 7))) : []
  const plain = new Map(many(3, lineAt).map((line) => [`${line.day} ${line.provider} ${line.gpuType}`, line]))
  const costs = [...plain.values()]
    .filter(({ gpuType }) => gpuType !== '')
    .map((line) => ({
      ...line,
      account: '',
      effective: positive(line.effective),
      billed: positive(line.effective),
      list: null,
    }))
  const jobs = many(14, (at) => jobRow(name, at, setting, random))
  const changedJobs = jobs.flatMap((_, at) => (random() < 0.2 ? [jobRow(name, at, setting, random)] : []))
  const providers = [...new Set(POOLS.map(([provider]) => `${name}-${provider}`))]
  const sacct = many(2, (at) => sacctRows(name, at, setting, random)).flat()
  const measured = new Map(
    many(4, lineAt).map(({ day, provider, gpuType }) => [`${day},${provider},${gpuType}`, gpuType]),
  )
  const usage = [...measured].flatMap(([poolDay, gpuType]) => {
    const hours = whole(0, 90, random)
    const more = random() < 0.5 ? '' : hours + whole(0, 90, random)
    return gpuType === '' ? [] : [`${poolDay},${hours}.5,${more}`]
  })
  return { name, providers, bill, restated, costs, jobs, changedJobs, sacct, usage }
}

function randomLine(name: string, { first }: Setting, random: () => number): Line {
  const [provider, gpuType] = oneOf(POOLS, random)
  const size = oneOf([40n, 10n ** 10n, 9_000_000_000_000_000n], random)
  const amount = (BigInt(whole(0, 2 ** 48, random)) * size) / 2n ** 48n
  const effective = random() < 0.2 ? -amount : amount // a credit, a refund, a correction
  const isTax = random() < 0.1
  return {
    ...{ account: `${name}-payer`, day: addDays(first, whole(0, DAYS - 1, random)), provider: `${name}-${provider}` },
    ...{ gpuType: isTax ? '' : gpuType, effective },
    billed: random() < 0.5 ? effective : (effective * BigInt(whole(0, 300, random))) / 100n,
    list: random() < 0.3 ? null : (amount * BigInt(whole(100, 400, random))) / 100n,
    gpuHours: isTax || effective < 0n || random() < 0.3 ? '' : `${whole(0, 300, random)}.${whole(0, 999_999, random)}`,
  }
}

function positive(amount: bigint): bigint {
  return amount > 0n ? amount : 1n - amount
}

/** Times are written in some zone, with milliseconds; some jobs run, some lasted no time, some begin before the bill. */
function jobRow(name: string, at: number, { first, nowMs }: Setting, random: () => number): string {
  const [provider, gpuType] = oneOf(POOLS, random)
  const startMs = startOf(first) + whole(-36_000_000, DAYS * 86_400_000, random)
  const isRunning = startMs < nowMs && random() < 0.2
  const long = [whole(0, 86_400_000, random), whole(0, 3 * 86_400_000, random)]
  const endMs = startMs + oneOf([0, 1_001, whole(0, 3_600_000, random), ...long, ...long], random)
  const offset = oneOf(OFFSETS, random)
  const who = `${name}-job-${at},team-${whole(0, 3, random)},model-${whole(0, 2, random)},${name}-${provider},${gpuType}`
  const [status, end] = isRunning ? ['running', ''] : [oneOf(ENDED, random), instant(endMs, offset)]
  return `${who},${oneOf(GPU_COUNTS, random)},${instant(startMs, offset)},${end},${status}`
}

function instant(ms: number, offset: string): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(offset) ?? []
  const shiftMs = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
  return new Date(ms + shiftMs).toISOString().replace('Z', offset)
}

/** A job of Slurm's that was put back into the queue: the same id again with another start, on the cluster's own clocks. */
function sacctRows(name: string, at: number, { first }: Setting, random: () => number): string[] {
  const [provider, gpuType] = oneOf(POOLS, random)
  const runs = whole(1, 3, random)
  let second = startOf(first) / 1000 + whole(0, (DAYS - 1) * 86_400, random)
  return Array.from({ length: runs }, (_, run) => {
    const start = second
    const end = start + whole(0, 100_000, random)
    second = end + whole(1, 7_200, random)
    const state = run < runs - 1 ? oneOf(['REQUEUED', 'NODE_FAIL', 'PREEMPTED'], random) : 'COMPLETED'
    const gpus = whole(1, 8, random)
    const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19)
    const who = `${9000 + at}|${name}-${provider}|team-${whole(0, 3, random)}|${state}`
    return `${who}|${clock(start)}|${clock(end)}|${end - start}|gres/gpu:${gpuType}=${gpus},gres/gpu=${gpus}|run ${at}`
  })
}
