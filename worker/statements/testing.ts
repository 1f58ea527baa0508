import { nano, startHeliox, type TestHeliox, type Uploaded } from '../testing.ts'

/** January and February: two teams on two pools, a day of nobody's, and a bill that is no GPU's. */
export const COSTS = `date,provider,gpu_type,cost_usd
2026-01-10,aws,h100,100.00
2026-01-11,aws,a100,10.00
2026-01-12,gcp,h100,33.33
2026-02-10,aws,h100,70.00
2026-02-11,aws,a100,7.01
`
export const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
v1,vision,resnet,aws,h100,3,2026-01-10T00:00:00Z,2026-01-10T10:00:00Z,completed
v2,vision,clip,aws,h100,1,2026-01-10T00:00:00Z,2026-01-10T10:00:00Z,failed
s1,speech,whisper,aws,h100,1,2026-01-10T00:00:00Z,2026-01-10T10:00:00Z,completed
s2,speech,whisper,aws,a100,1,2026-01-11T00:00:00Z,2026-01-11T10:00:00Z,completed
v3,vision,resnet,aws,h100,1,2026-02-10T00:00:00Z,2026-02-10T10:00:00Z,completed
`

/** Heliox in March with that data: vision is team_1, speech team_2. January: 80.00 and 30.00, and 33.33 nobody's. */
export async function twoMonths(): Promise<TestHeliox> {
  const heliox = await startHeliox({ now: '2026-03-10T12:00:00Z' })
  await heliox.send('jobs-csv', JOBS)
  await heliox.send('cost-csv', COSTS)
  return heliox
}

/** Replaces one amount of the bill. */
export async function restate(heliox: TestHeliox, day: string, pool: string, costUsd: string): Promise<Uploaded> {
  const [provider, gpuType] = pool.split(' ')
  return heliox.send('cost-csv', `date,provider,gpu_type,cost_usd\n${day},${provider},${gpuType},${costUsd}\n`)
}

/** Σ of decimal amounts, in nano-dollars. */
export function sum(amounts: readonly string[]): bigint {
  return amounts.reduce((all, amount) => all + nano(amount), 0n)
}
