import { useQueryClient } from '@tanstack/solid-query'
import { api } from '../../api.ts'

/** The clock looks at rules each minute: while somebody looks at the page it is asked more often than that. */
export const LOOK_MS = 15_000
const MOST_OPEN = 100
const HISTORY_LIMIT = 25
const RULES_LIMIT = 100

/** What fires or is about to, the newest first. */
export const openAlerts = (ruleId: string | undefined) => ({
  queryKey: ['alerts.list', 'open', ruleId],
  queryFn: () => api.alerts.list.query({ status: ['firing', 'pending'], limit: MOST_OPEN, ...ofRule(ruleId) }),
})

/** What is over, a page at a time. */
export const pastAlerts = (ruleId: string | undefined, skip: number) => ({
  queryKey: ['alerts.list', 'past', ruleId, skip],
  queryFn: () => api.alerts.list.query({ status: ['resolved'], skip, limit: HISTORY_LIMIT, ...ofRule(ruleId) }),
})

export const alertRules = (skip: number) => ({
  queryKey: ['alerts.rules', skip],
  queryFn: () => api.alerts.rules.query({ skip, limit: RULES_LIMIT }),
})

export const alertKinds = () => ({
  queryKey: ['alerts.kinds'],
  queryFn: () => api.alerts.kinds.query(),
  staleTime: 3_600_000,
})

/** What is shown of alerts and rules is asked again. */
export function useSettled(): () => void {
  const client = useQueryClient()
  return () =>
    void client.invalidateQueries({
      predicate: ({ queryKey }) => /^alerts\.(list|get|rules|silences)$/.test(String(queryKey[0])),
    })
}

function ofRule(ruleId: string | undefined) {
  return ruleId ? { ruleId: [ruleId] } : {}
}
