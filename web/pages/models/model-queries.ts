import { useQuery } from '@tanstack/solid-query'
import { type Answers, api } from '../../api.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'

export type Models = Answers['analytics']['models']
export type ModelRow = Models['rows'][number]

/** What models cost on the chosen days. */
export function useModels({ question }: ChoiceControl) {
  return useQuery(() => ({
    queryKey: ['analytics.models', question()],
    queryFn: () => api.analytics.models.query(question()),
  }))
}
