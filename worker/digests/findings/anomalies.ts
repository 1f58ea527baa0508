import { addDays } from '../../../db/units/time.ts'
import { AnomaliesQuestion } from '../../anomalies/anomaly-fields.ts'
import { largestAnomalies } from '../../anomalies/largest.ts'
import type { Finder } from './finder.ts'

/** Days of teams that cost more or less than expected, the greatest impact first; those called planned or none are left out. */
export const anomalies: Finder = async (scope, { window, teamId, most }) => {
  const days = { start: window.from, end: addDays(window.before, -1), dimension: 'team' as const }
  const asked = AnomaliesQuestion.parse({ ...days, ...(teamId ? { teamId: [teamId] } : {}) })
  const found = await largestAnomalies(scope, asked, most)
  return found.map(({ day, direction, sentence }) => {
    const query = new URLSearchParams({
      start: day,
      end: day,
      dimension: 'team',
      ...(teamId ? { team_id: teamId } : {}),
    })
    const severity = direction === 'up' ? ('warning' as const) : ('info' as const)
    return { kind: 'anomaly', severity, title: sentence, href: `/anomalies?${query}` }
  })
}
