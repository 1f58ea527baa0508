import { formatCountOf } from '../../format/count.ts'
import { SERVING } from '../../format/row-name.ts'

/**
 * "762 jobs of 5 teams": who held the GPU-hours. What serves models is no job and its owner no team: "… and deployments".
 * Each job is of one team, so the rows of the teams can be counted.
 */
export function holdersOf(rows: readonly { name: string; jobCount: number | null }[]): string {
  const teams = rows.filter(({ name }) => name !== SERVING)
  const jobs = teams.reduce((sum, { jobCount }) => sum + (jobCount ?? 0), 0)
  const serves = teams.length < rows.length
  if (serves && teams.length === 0) return 'Deployments'
  return `${formatCountOf(jobs, 'job')} of ${formatCountOf(teams.length, 'team')}${serves ? ', and deployments' : ''}`
}
