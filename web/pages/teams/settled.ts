import { useQueryClient } from '@tanstack/solid-query'

/** Teams are everywhere, in names, sums and choices: all that is shown is asked again. */
export function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries()
}
