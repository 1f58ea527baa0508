import { useQueryClient } from '@tanstack/solid-query'

/** What is shown of keys is asked again. */
export function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['keys.list'] })
}
