import { useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import type { Series } from '../../charts/series.ts'
import type { Comparison } from '../../choice/compare.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'

/** With which days the overview compares; with some it always does. */
export type Compared = Exclude<Comparison, 'none'>

/** The answers the overview shows, one query each; all made in one tick and so sent as one request. */
export function useSpend(choice: ChoiceControl, compare: Accessor<Compared>) {
  const { question } = choice
  return {
    daily: useQuery(() => ({
      queryKey: ['analytics.daily', question(), choice.choice().group, compare()],
      queryFn: () => api.analytics.daily.query({ ...question(), groupBy: choice.choice().group, compare: compare() }),
    })),
    byModel: useQuery(() => ({
      queryKey: ['analytics.byModel', question()],
      queryFn: () => api.analytics.byModel.query(question()),
    })),
    byTeam: useQuery(() => ({
      queryKey: ['analytics.byTeam', question()],
      queryFn: () => api.analytics.byTeam.query(question()),
    })),
    byProvider: useQuery(() => ({
      queryKey: ['analytics.byProvider', question()],
      queryFn: () => api.analytics.byProvider.query(question()),
    })),
    byGpuType: useQuery(() => ({
      queryKey: ['analytics.byGpuType', question()],
      queryFn: () => api.analytics.byGpuType.query(question()),
    })),
    reconciliation: useQuery(() => ({
      queryKey: ['analytics.reconciliation', question()],
      queryFn: () => api.analytics.reconciliation.query(question()),
    })),
    extent: useQuery(() => ({ queryKey: ['analytics.extent'], queryFn: () => api.analytics.extent.query() })),
  }
}
export type Spend = ReturnType<typeof useSpend>

export type Daily = Answers['analytics']['daily']
export type Reconciliation = Answers['analytics']['reconciliation']
/** The reconciliation of who sees the whole company: every part of it is known. */
export type Bill = { [Part in keyof Reconciliation]: NonNullable<Reconciliation[Part]> }

/** Null for who sees some teams only: the bill is not theirs to know. */
export function billOf(answer: Reconciliation): Bill | null {
  return answer.isPartial ? null : (answer as Bill)
}

export type Breakdown = Answers['analytics']['byTeam'] | Answers['analytics']['byModel']

/** The daily answer's series for the chart. */
export function seriesOf({ series }: Daily): Series[] {
  return series.map(({ name, kind, teamId, costUsd }) => ({ name, kind, teamId, costUsd }))
}
