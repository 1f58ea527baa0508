import { useQueryClient } from '@tanstack/solid-query'

/** A rule moves dollars between GPU types, so every sum may be another: all that is shown is asked again. */
export function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries()
}
