import { useQueryClient } from '@tanstack/solid-query'

/** A price may be what any sum rests on: all that is shown is asked again. */
export function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries()
}
