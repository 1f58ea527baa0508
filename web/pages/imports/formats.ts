import { useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { type Answers, api } from '../../api.ts'

/** The formats that a file may have, asked once; none until they are known. */
export function useFormats(): Accessor<Answers['imports']['formats']> {
  const formats = useQuery(() => ({
    queryKey: ['imports.formats'],
    queryFn: () => api.imports.formats.query(),
    staleTime: Number.POSITIVE_INFINITY,
  }))
  return () => (formats.isPending ? [] : (formats.data ?? []))
}

/** Whether files of a kind have dollars of their own: bills, and logs of calls. */
export function hasDollars(kind: Answers['imports']['formats'][number]['kind'] | null | undefined): boolean {
  return kind === 'costs' || kind === 'tokens'
}
