/** Made-up files of any size, the same each time. */

const START = Date.UTC(2026, 0, 1)
const DAYS = 90

/** Jobs of a few hours over 90 days, 9 pools, 12 teams and 40 models; `name` starts their ids. */
export function madeUpJobs(count: number, name: string) {
  let state = 1
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
  const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')
  return Array.from({ length: count }, (_, index) => {
    const start = START + Math.floor(random() * DAYS * 86_400) * 1000
    return {
      job_id: `${name}-${String(index).padStart(7, '0')}`,
      team_name: `team-${index % 12}`,
      model_name: `model-${index % 40}`,
      provider: ['aws', 'gcp', 'azure'][index % 3],
      gpu_type: ['a100', 'h100', 'l4'][Math.floor(index / 4) % 3],
      gpu_count: 1 + (index % 8),
      start_time: iso(start),
      end_time: iso(start + Math.floor(random() * 10 * 3600) * 1000),
      status: 'completed',
    }
  })
}

export function jobsJson(count: number, name: string): string {
  return JSON.stringify({ teams: [], jobs: madeUpJobs(count, name) })
}

export function jobsCsv(count: number, name: string): string {
  const jobs = madeUpJobs(count, name)
  return [Object.keys(jobs[0] ?? {}).join(','), ...jobs.map((job) => Object.values(job).join(','))].join('\n')
}

/** Every row its own pool-day, the worst case for sharing; `name` starts the providers. */
export function costCsv(count: number, name: string): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const day = new Date(START + (index % 365) * 86_400_000).toISOString().slice(0, 10)
    const pool = Math.floor(index / 365)
    return `${day},${name}-${pool % 30},gpu-${Math.floor(pool / 30)},${(index % 9973) + 1}.${(index % 90) + 10}`
  })
  return ['date,provider,gpu_type,cost_usd', ...rows].join('\n')
}
