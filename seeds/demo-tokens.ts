/**
 * The tokens of the made-up company: a model that it serves on GPUs of its own, one that it buys, keys of three teams, what
 * their calls through the gateway used, and what a batch service metered by itself. The same for everybody at an instant.
 */
import { addDays, type Day, dayOf, type EpochMs, startOf } from '../db/units/time.ts'
import { demoDays, randomFor } from './demo.ts'

/** Dollars a million tokens, as decimal text. */
export const DEMO_MODELS = [
  {
    model: 'demo-atlas-8b',
    provider: 'self',
    backend: 'demo own GPUs',
    input: '0.35',
    cachedInput: '0.09',
    output: '1.05',
  },
  {
    model: 'demo-frontier',
    provider: 'demo-provider',
    backend: 'demo provider',
    input: '2.50',
    cachedInput: '0.25',
    output: '10',
  },
] as const

/** `share` of the calls; `monthUsd` is a hard budget of the key, `dayTokens` a soft one. */
export const DEMO_KEYS = [
  { name: 'demo search assistant', team: 'search-ranking', share: 0.5, monthUsd: 20, dayTokens: null },
  { name: 'demo video captions', team: 'vision', share: 0.3, monthUsd: 12, dayTokens: null },
  { name: 'demo evaluations', team: 'applied-research', share: 0.2, monthUsd: null, dayTokens: 1_500_000 },
] as const

const SERVED = DEMO_MODELS[0]

export type DemoCall = {
  /** "req_demo_2026-03-01_4": no real call is named so. */
  id: string
  startedAtMs: EpochMs
  latencyMs: number
  /** Places in the lists above. */
  key: number
  model: number
  isStream: boolean
  status: 'completed' | 'failed'
  inputTokens: number
  cachedInputTokens: number
  outputTokens: number
}

const HOUR_MS = 3_600_000
const CALLS_A_DAY = 8

/** Calls through the gateway that have ended by `now`: some on each day of the demo, fewer at weekends. */
export function* demoCalls(now: EpochMs): Generator<DemoCall> {
  for (const day of demoDays(dayOf(now))) {
    const random = randomFor(`${day} gateway`)
    const isWeekend = [0, 6].includes(new Date(startOf(day)).getUTCDay())
    const most = isWeekend ? CALLS_A_DAY / 2 : CALLS_A_DAY
    for (let index = 0; index < most; index += 1) {
      const startedAtMs = (startOf(day) + Math.floor((6 + random() * 15) * HOUR_MS)) as EpochMs
      const luck = random()
      const key = luck < DEMO_KEYS[0].share ? 0 : luck < DEMO_KEYS[0].share + DEMO_KEYS[1].share ? 1 : 2
      const model = random() < 0.6 ? 0 : 1
      const prompt = Math.round(20_000 + random() * 160_000)
      const cachedInputTokens = random() < 0.4 ? Math.round(prompt * 0.6) : 0
      const isFailed = random() < 0.04
      const outputTokens = Math.round(600 + random() * 7_000)
      const call = {
        ...{ id: `req_demo_${day}_${index}`, startedAtMs, key, model, isStream: random() < 0.5 },
        latencyMs: Math.round(900 + outputTokens * (model === 0 ? 9 : 14)),
      }
      if (startedAtMs + call.latencyMs >= now) continue
      yield isFailed
        ? { ...call, status: 'failed', latencyMs: 700, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }
        : { ...call, status: 'completed', inputTokens: prompt - cachedInputTokens, cachedInputTokens, outputTokens }
    }
  }
}

/** GPUs that serve the model from the first of the last days without a gap on; `before`: the first day after, null: it still serves. */
export function demoDeployment(today: Day) {
  const days = demoDays(today)
  const last = days.at(-1) ?? today
  let first = last
  while (days.includes(addDays(first, -1))) first = addDays(first, -1)
  const before = last === today ? null : addDays(last, 1)
  return { model: SERVED.model, provider: 'gcp', gpuType: 'a100', gpuCount: 2, first, before }
}

/** What the batch service metered of the served model, each day that is over: a log whose rows count many calls. */
export async function* demoTokenUsage(today: Day): AsyncGenerator<string> {
  yield 'request_id,timestamp,team,provider,model,num_model_requests,prompt_tokens,completion_tokens,cost_usd,status\n'
  for (const day of demoDays(today).filter((one) => one < today))
    for (const { team, share } of DEMO_KEYS) {
      const random = randomFor(`${day} ${team} batch`)
      const isWeekend = [0, 6].includes(new Date(startOf(day)).getUTCDay())
      const thousands = Math.round(330_000 * share * (isWeekend ? 0.6 : 0.85 + random() * 0.3))
      const [prompt, completion] = [thousands * 1_000, Math.round(thousands * 0.3) * 1_000]
      // A thousand tokens at 0.35 and 1.05 dollars a million are 35 and 105 hundred-thousandths of a dollar.
      const units = (prompt / 1_000) * 35 + (completion / 1_000) * 105
      const cost = `${Math.floor(units / 100_000)}.${String(units % 100_000).padStart(5, '0')}`
      const row = [`demo-batch-${day}-${team}`, `${day}T02:00:00Z`, team, SERVED.provider, SERVED.model]
      yield `${[...row, Math.round(thousands / 4), prompt, completion, cost, 'success'].join(',')}\n`
    }
}
