import { addDays, type Day, startOf } from '../../../db/units/time.ts'

const HOUR_MS = 3_600_000

/** A sample of a counter: epoch seconds, and its value. */
export type Sample = readonly [second: number, value: number]
/** One counter of one inference server. */
export type CounterSeries = { model: string; kind: 'prompt' | 'completion'; samples: readonly Sample[] }

/**
 * How much a counter grew from the first sample to the last, by the UTC hour of the later sample of each pair, within a day.
 * One that is lower than before was set to 0 in between, as by a restart, and has counted its value since: 100, 150, 20, 60
 * is 50 + 20 + 40 = 110. What was counted between the last sample and the restart nobody knows.
 */
export function grownByHour(samples: readonly Sample[], day: Day): Map<number, { grown: number; resets: number }> {
  const [from, before] = [startOf(day), startOf(addDays(day, 1))]
  const hours = new Map<number, { grown: number; resets: number }>()
  for (const [at, [second, value]] of samples.entries()) {
    const previous = samples[at - 1]?.[1]
    const atMs = second * 1000
    if (previous === undefined || atMs < from || atMs >= before) continue
    const isReset = value < previous
    const hour = Math.floor(atMs / HOUR_MS) * HOUR_MS
    const sums = hours.get(hour) ?? { grown: 0, resets: 0 }
    hours.set(hour, {
      grown: sums.grown + (isReset ? value : value - previous),
      resets: sums.resets + Number(isReset),
    })
  }
  return hours
}

/** Tokens by hour and model, as a log of requests; hours in which nothing was counted have no row. */
export function countersCsv(day: Day, provider: string, series: readonly CounterSeries[]): string {
  const rows = new Map<string, { hour: number; model: string; prompt: number; completion: number; resets: number }>()
  for (const { model, kind, samples } of series)
    for (const [hour, { grown, resets }] of grownByHour(samples, day)) {
      const key = `${hour} ${model}`
      const row = rows.get(key) ?? { hour, model, prompt: 0, completion: 0, resets: 0 }
      row[kind] += Math.round(grown)
      row.resets += resets
      rows.set(key, row)
    }
  const lines = [...rows.values()]
    .filter(({ prompt, completion }) => prompt + completion > 0)
    .sort((a, b) => a.hour - b.hour || (a.model < b.model ? -1 : 1))
    .map(({ hour, model, prompt, completion, resets }) => {
      const start = new Date(hour).toISOString()
      // Who reads the calls sees which hours a restart makes a lower bound of.
      const user = resets > 0 ? 'counter reset' : ''
      return [`${model} ${start}`, start, provider, model, user, prompt, completion].map(quoted).join(',')
    })
  return ['request_id,timestamp,provider,model,user,prompt_tokens,completion_tokens', ...lines]
    .map((line) => `${line}\n`)
    .join('')
}

function quoted(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
