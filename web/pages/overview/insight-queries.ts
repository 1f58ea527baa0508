import { useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { BILL_FILTERS } from '../../choice/choice.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import type { Compared } from './spend-queries.ts'

export type Explored = Answers['analytics']['explore']
export type Waste = Answers['analytics']['waste']

/** The dimensions that money is said to have gone to, as the explorer names them. */
export const WHERES = { team: 'Team', model: 'Model', gpu_type: 'GPU type' } as const
export type Where = keyof typeof WHERES

/** Beyond these nobody looks for what moved most. */
const TOP = 200

/**
 * What the money went to, compared with other days, and what of it was wasted; asked in the tick of the other
 * questions of the page and so sent with them. Waste is told of UTC days and of no part of the bill's own names.
 */
export function useInsight(choice: ChoiceControl, compare: Accessor<Compared>) {
  const { question } = choice
  const compared = (name: Where) =>
    useQuery(() => ({
      queryKey: ['analytics.explore', question(), name, compare(), TOP],
      queryFn: () => api.analytics.explore.query({ ...question(), groupBy: [name], compare: compare(), top: TOP }),
    }))
  const isWasteKnown = () => {
    const now = choice.choice()
    return now.zone === 'UTC' && !now.filters.some(({ name }) => BILL_FILTERS.includes(name))
  }
  return {
    team: compared('team'),
    model: compared('model'),
    gpu_type: compared('gpu_type'),
    isWasteKnown,
    waste: useQuery(() => ({
      queryKey: ['analytics.waste', question(), 'gpu_type'],
      queryFn: () => api.analytics.waste.query({ ...question(), groupBy: 'gpu_type' }),
      enabled: isWasteKnown(),
    })),
    latest: useQuery(() => ({
      queryKey: ['imports.list', 'latest'],
      queryFn: () => api.imports.list.query({ limit: 1 }),
    })),
    teams: useQuery(() => ({
      queryKey: ['teams.list', 'budgets'],
      queryFn: () => api.teams.list.query({ limit: 100 }),
    })),
    month: useQuery(() => {
      const end = choice.today()
      const asked = { start: `${end.slice(0, 7)}-01`, end }
      return {
        queryKey: ['analytics.byTeam', asked],
        queryFn: () => api.analytics.byTeam.query(asked),
      }
    }),
  }
}
export type Insight = ReturnType<typeof useInsight>

/** An answer that is there, also while it is asked again. Reading `data` of one that is on its way would wait for it. */
export function settled<T>(query: { isPending: boolean; data: T | undefined }): T | undefined {
  return query.isPending ? undefined : query.data
}
