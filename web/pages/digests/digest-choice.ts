import { useSearchParams } from '@solidjs/router'
import { type Day, parseDay } from '../../../db/units/time.ts'

export type Period = 'day' | 'week'

/** Which digest is looked at, as the address says it: its period, a day in it, whose. What it does not understand is the default. */
export function useDigestChoice() {
  const [params, setParams] = useSearchParams<{ period?: string; day?: string; team_id?: string }>()
  const period = (): Period => (params.period === 'week' ? 'week' : 'day')
  const day = (): Day | null => parseDay(params.day ?? '')
  const teamId = () => (/^team_[1-9]\d*$/.test(params.team_id ?? '') ? (params.team_id ?? null) : null)
  const question = () => {
    const [asked, team] = [day(), teamId()]
    return { period: period(), ...(asked ? { day: asked as string } : {}), ...(team ? { teamId: team } : {}) }
  }
  return {
    ...{ period, day, teamId, question },
    pickPeriod: (next: string) => setParams({ period: next === 'day' ? null : next }, { scroll: false }),
    pickDay: (next: string) => setParams({ day: parseDay(next) }, { scroll: false }),
    pickTeam: (next: string) => setParams({ team_id: next || null }, { scroll: false }),
  }
}
export type DigestChoice = ReturnType<typeof useDigestChoice>
