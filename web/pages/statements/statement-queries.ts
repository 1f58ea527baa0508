import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { type Answers, api, type Questions } from '../../api.ts'

export type Statement = Answers['statements']['get']
export type TeamPart = Statement['teams'][number]
export type Line = Statement['lines'][number]
export type Month = Answers['statements']['list']['months'][number]
export type Decision = Answers['settings']['get']['sharedCostSplit']
export type SplitToTry = Questions['statements']['previewSplit']['split']

export const MONTHS_AT_ONCE = 24

/** The months, newest first. */
export function useMonths(skip: () => number = () => 0) {
  return useQuery(() => ({
    queryKey: ['statements.list', skip()],
    queryFn: () => api.statements.list.query({ skip: skip(), limit: MONTHS_AT_ONCE }),
  }))
}

/** A month's statement, all that the reader sees of it. */
export function useStatement(month: () => string) {
  return useQuery(() => ({
    queryKey: ['statements.get', month()],
    queryFn: () => api.statements.get.query({ month: month() }),
  }))
}

/** Closes a month; everything on screen may say something else afterwards. */
export function useClosing() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: (month: string) => api.statements.close.mutate({ month }),
    onSettled: () => client.invalidateQueries(),
  }))
}
