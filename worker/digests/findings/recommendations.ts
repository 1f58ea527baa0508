import { addDays, daysIn } from '../../../db/units/time.ts'
import { recommendations as adviceOf } from '../../recommendations/recommendations.ts'
import { dollars } from '../dollars.ts'
import type { Finder } from './finder.ts'

/**
 * Open advice of the 30 days that end with these, the greatest saving first. Of a single day only the greatest: advice
 * stays from day to day, and what is said again every morning is not read.
 */
export const recommendations: Finder = async (scope, { window, teamId, most }) => {
  const end = addDays(window.before, -1)
  const asked = { end, status: 'open' as const, ...(teamId ? { teamId } : {}) }
  const { recommendations: rows, end: lastLooked } = await adviceOf(scope, asked)
  if (lastLooked === null || lastLooked < window.from) return [] // none of these days has been billed
  const open = rows.filter(({ isStillFound }) => isStillFound)
  const told = open.slice(0, daysIn(window).length === 1 ? 1 : most)
  const others = open.length - told.length
  return told.map(({ title, savingNanoUsd, key }, at) => {
    const more = others > 0 && at === told.length - 1 ? ` (and ${others} more)` : ''
    const words = `${title}: ${dollars(savingNanoUsd)} a month${more}`
    return {
      kind: 'recommendation',
      severity: 'info' as const,
      title: words,
      href: `/recommendations?key=${encodeURIComponent(key)}`,
    }
  })
}
