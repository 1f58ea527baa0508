import { useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import type { ColourName } from '../../charts/palette.ts'
import type { Question } from '../../choice/choice.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { NOBODY_HELD } from '../../format/left-over-words.ts'
import { rowName } from '../../format/row-name.ts'

export type Utilization = Answers['analytics']['utilization']
export type Waste = Answers['analytics']['waste']
export type WasteRow = Waste['rows'][number]
export type PoolUse = Utilization['pools'][number]

/** What the bridge can be drawn for. */
export const WORTH_OF = { none: 'Total', team: 'Team', pool: 'Pool', gpu_type: 'GPU type' } as const
export type WorthOf = keyof typeof WORTH_OF

export const utilizationOf = (question: Question) => ({
  queryKey: ['analytics.utilization', question],
  queryFn: () => api.analytics.utilization.query(question),
})

export const wasteOf = (question: Question, groupBy: WorthOf) => ({
  queryKey: ['analytics.waste', question, groupBy],
  queryFn: () => api.analytics.waste.query({ ...question, groupBy }),
})

export function useUtilization({ question }: Pick<ChoiceControl, 'question'>) {
  return useQuery(() => utilizationOf(question()))
}

export function useWaste({ question }: ChoiceControl, groupBy: Accessor<WorthOf>) {
  return useQuery(() => wasteOf(question(), groupBy()))
}

/** The parts of a cost in the order in which they are added up. */
export const TERMS = [
  { key: 'usefulCostUsd', name: 'Useful', colour: 'series-3', meaning: 'Held, and measured to be busy.' },
  {
    key: 'allocatedIdleCostUsd',
    name: 'Allocated but idle',
    colour: 'series-2',
    meaning: 'Held, and measured to do nothing.',
  },
  {
    key: 'lostWorkCostUsd',
    name: 'Failed or cancelled',
    colour: 'series-9',
    meaning: 'Held by jobs that came to nothing.',
  },
  {
    key: 'notMeasuredCostUsd',
    name: 'Not measured',
    colour: 'assigned',
    meaning: 'Held, and nobody measured what it did: neither useful nor idle.',
  },
  { key: 'unallocatedCostUsd', name: 'Nobody held', colour: 'idle', meaning: NOBODY_HELD },
] as const satisfies readonly { key: keyof Waste['total']; name: string; colour: ColourName; meaning: string }[]

/** "h100 on aws" of a pool, and of any other row its name. */
export function nameOf(row: WasteRow): string {
  return row.provider !== null && row.gpuType !== null
    ? `${row.gpuType || '(not GPUs)'} on ${row.provider}`
    : rowName(row)
}
