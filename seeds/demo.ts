/**
 * A made-up company of the last 90 days, the same for everybody on a given day: what it was billed per pool and day,
 * the jobs that its five teams ran there, and how busy meters saw some of the pools. It stays clear of 2026-01-01…14,
 * where the documented figures live.
 */
import { addDays, DAY_MS, type Day, dayOf, type EpochMs, startOf } from '../db/units/time.ts'

const DAYS = 90
const DOCUMENTED = { first: '2026-01-01', last: '2026-01-14' }

/** GPUs per pool and what one costs an hour, in cents; `hasHours`: the bill says how many GPU-hours it bought. */
const POOLS = [
  { provider: 'aws', gpuType: 'h100', isReserved: true, gpus: 64, centsPerGpuHour: 690, hasHours: true, busy: 0.78 },
  { provider: 'aws', gpuType: 'a100', isReserved: true, gpus: 48, centsPerGpuHour: 410, hasHours: true, busy: 0.61 },
  { provider: 'aws', gpuType: 'l4', isReserved: false, gpus: 24, centsPerGpuHour: 95, hasHours: true, busy: 0.44 },
  { provider: 'gcp', gpuType: 'h100', isReserved: false, gpus: 32, centsPerGpuHour: 720, hasHours: true, busy: 0.7 },
  { provider: 'gcp', gpuType: 'a100', isReserved: false, gpus: 16, centsPerGpuHour: 395, hasHours: true, busy: 0.52 },
  {
    provider: 'coreweave',
    gpuType: 'h200',
    isReserved: true,
    gpus: 32,
    centsPerGpuHour: 630,
    hasHours: true,
    busy: 0.83,
  },
  { provider: 'lambda', gpuType: 'a10', isReserved: false, gpus: 12, centsPerGpuHour: 75, hasHours: false, busy: 0.35 },
] as const

const TEAMS = [
  {
    name: 'foundation-models',
    description: 'Pre-training and post-training of language models',
    budgetUsd: 620_000,
    weight: 5,
    models: ['atlas-70b', 'atlas-8b', 'atlas-embed'],
  },
  {
    name: 'search-ranking',
    description: 'Retrieval, ranking and query understanding',
    budgetUsd: 240_000,
    weight: 3,
    models: ['ranker-v5', 'query-rewriter'],
  },
  {
    name: 'vision',
    description: 'Image and video understanding',
    budgetUsd: 210_000,
    weight: 2,
    models: ['clip-large', 'sam-finetune', 'video-caption'],
  },
  {
    name: 'speech',
    description: 'Recognition and synthesis',
    budgetUsd: 120_000,
    weight: 2,
    models: ['whisper-finetune', 'tts-nova'],
  },
  {
    name: 'applied-research',
    description: 'Evaluation, ablations and one-off studies',
    budgetUsd: 90_000,
    weight: 1,
    models: ['eval-suite', 'moe-ablation'],
  },
] as const

/** The days of the demo for a given today: the 90 up to and with it, without the documented fortnight. */
export function demoDays(today: Day): Day[] {
  return Array.from({ length: DAYS }, (_, index) => addDays(today, index - DAYS + 1)).filter(
    (day) => day < DOCUMENTED.first || day > DOCUMENTED.last,
  )
}

const HOUR_MS = 3_600_000

/** Whole hours of a day that are over at `now`. */
export function hoursOf(day: Day, now: EpochMs): number {
  return Math.min(24, Math.floor((now - startOf(day)) / HOUR_MS))
}

/**
 * The bill, as cost CSV. Of a day that is not over at `now` it has the whole hours so far, as a provider's running bill does:
 * at load, and not again. Without `now` today is billed whole.
 */
export async function* demoCosts(today: Day, now = startOf(addDays(today, 1))): AsyncGenerator<string> {
  yield 'date,provider,gpu_type,cost_usd,gpu_hours\n'
  for (const day of demoDays(today))
    for (const pool of POOLS) {
      const hours = hoursOf(day, now)
      if (hours <= 0) continue
      const random = randomFor(`${day} ${pool.provider} ${pool.gpuType} bill`)
      const gpus = gpusOn(pool, day)
      const cents = Math.round(gpus * hours * pool.centsPerGpuHour * (0.985 + random() * 0.03))
      const cost = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
      yield `${day},${pool.provider},${pool.gpuType},${cost},${pool.hasHours ? gpus * hours : ''}\n`
    }
}

/** Pools with a meter on them, and how busy what was held there is at most. */
const METERED: Record<string, number> = { 'aws h100': 0.86, 'aws a100': 0.71, 'coreweave h200': 0.9 }

/**
 * What meters saw of some pools, as usage CSV: less than jobs held there, on some days half of it only. Not of today, which
 * is not over.
 */
export async function* demoUsage(today: Day): AsyncGenerator<string> {
  yield 'date,provider,gpu_type,gpu_hours,measured_gpu_hours\n'
  const days = demoDays(today).filter((day) => day < today)
  for (const day of days)
    for (const pool of POOLS) {
      const most = METERED[`${pool.provider} ${pool.gpuType}`]
      if (most === undefined) continue
      const random = randomFor(`${day} ${pool.provider} ${pool.gpuType} meter`)
      const held = heldHours(pool, day, days)
      const isHalf = random() < 0.08
      const busy = (isHalf ? held / 2 : held) * most * (0.75 + random() * 0.25)
      const measured = isHalf ? (held / 2).toFixed(2) : ''
      yield `${day},${pool.provider},${pool.gpuType},${busy.toFixed(2)},${measured}\n`
    }
}

/** GPU-hours that the jobs of these days hold on one of them; none is longer than 30 hours. */
function heldHours(pool: Pool, day: Day, days: readonly Day[]): number {
  const [from, before] = [startOf(day), startOf(addDays(day, 1))]
  let hours = 0
  for (const started of [addDays(day, -2), addDays(day, -1), day].filter((one) => days.includes(one)))
    for (const { gpu_count: gpus, start_time: start, end_time: end } of jobsOf(pool, started, before)) {
      const until = Math.min(end === null ? before : Date.parse(end), before)
      hours += (gpus * Math.max(0, until - Math.max(Date.parse(start), from))) / 3_600_000
    }
  return hours
}

/** Teams and jobs, as the documented JSON. Jobs that have not ended by `now` run. */
export async function* demoJobs(now: EpochMs): AsyncGenerator<string> {
  const teams = TEAMS.map(({ name, description, budgetUsd }) => ({ name, description, budget_usd: budgetUsd }))
  yield `{"teams": ${JSON.stringify(teams)},\n"jobs": [`
  let isFirst = true
  for (const day of demoDays(dayOf(now)))
    for (const pool of POOLS)
      for (const job of jobsOf(pool, day, now)) {
        yield `${isFirst ? '' : ','}\n${JSON.stringify(job)}`
        isFirst = false
      }
  yield ']}\n'
}

type Pool = (typeof POOLS)[number]

/** Jobs that start on `day`, until the pool is as busy as it is on such a day: weekends are quieter. */
function* jobsOf(pool: Pool, day: Day, now: EpochMs) {
  const random = randomFor(`${day} ${pool.provider} ${pool.gpuType} jobs`)
  const isWeekend = [0, 6].includes(new Date(startOf(day)).getUTCDay())
  const gpus = gpusOn(pool, day)
  const wanted = gpus * 24 * pool.busy * (isWeekend ? 0.55 : 0.85 + random() * 0.25)
  for (let held = 0, index = 0; held < wanted && index < 60; index += 1) {
    const team = weighted(TEAMS, random)
    const gpuCount = Math.min(gpus, [1, 2, 4, 4, 8, 8, 8, 16][Math.floor(random() * 8)] ?? 1)
    const hours = Math.min(30, 0.4 + random() ** 2 * 28, (wanted - held) / gpuCount + 0.5)
    held += gpuCount * hours
    const startedAtMs = startOf(day) + Math.floor(random() * 24 * 3600) * 1000
    const endedAtMs = startedAtMs + Math.round(hours * 3600) * 1000
    if (startedAtMs >= now) continue
    const luck = random()
    const ended = luck < 0.06 ? 'failed' : luck < 0.1 ? 'cancelled' : 'completed'
    yield {
      job_id: `demo-${day}-${pool.provider}-${pool.gpuType}-${index}`,
      team_name: team.name,
      model_name: team.models[Math.floor(random() * team.models.length)],
      provider: pool.provider,
      gpu_type: pool.gpuType,
      gpu_count: gpuCount,
      start_time: new Date(startedAtMs).toISOString(),
      end_time: endedAtMs > now ? null : new Date(endedAtMs).toISOString(),
      status: endedAtMs > now ? 'running' : ended,
    }
  }
}

/** Reserved pools grow in steps every few weeks; the others follow demand, less of it at weekends. */
function gpusOn(pool: Pool, day: Day): number {
  const dayNumber = startOf(day) / DAY_MS
  const step = 0.82 + 0.06 * ((Math.floor(dayNumber / 17) + pool.gpus) % 5)
  if (pool.isReserved) return Math.round(pool.gpus * step)
  const isWeekend = [0, 6].includes(new Date(startOf(day)).getUTCDay())
  const random = randomFor(`${day} ${pool.provider} ${pool.gpuType} demand`)
  return Math.max(4, Math.round(pool.gpus * step * (isWeekend ? 0.55 : 0.8 + random() * 0.45)))
}

function weighted<T extends { weight: number }>(items: readonly T[], random: () => number): T {
  let at = random() * items.reduce((sum, { weight }) => sum + weight, 0)
  for (const item of items) {
    at -= item.weight
    if (at < 0) return item
  }
  return items[0] as T
}

/** mulberry32 (public domain, Tommy Ettinger), seeded by FNV-1a of the text: the same numbers everywhere. */
export function randomFor(text: string): () => number {
  let state = 2_166_136_261
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 16_777_619)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
