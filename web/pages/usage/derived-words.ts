import type { Answers } from '../../api.ts'
import { formatCount, formatCountOf, formatHours } from '../../format/count.ts'

/** What came of deriving usage from jobs: "12 GPU-hours of jobs: 2 new, 0 changed, 0 unchanged." */
export function derivedWords(derived: Answers['usage']['fromJobs']): string {
  const { inserted, updated, unchanged, removed, kept, gpuHours } = derived
  if (inserted + updated + unchanged + kept + removed === 0) return 'No job held a GPU in these days.'
  const rows = [
    `${formatCount(inserted)} new`,
    `${formatCount(updated)} changed`,
    `${formatCount(unchanged)} unchanged`,
    ...(removed > 0 ? [`${formatCount(removed)} removed`] : []),
  ]
  const left = kept > 0 ? ` ${formatCountOf(kept, 'measured row')} left as measured.` : ''
  return `${formatHours(gpuHours)} GPU-hours of jobs: ${rows.join(', ')}.${left}`
}
