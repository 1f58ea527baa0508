import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../../api.ts'
import type { ImportView } from './history-table.tsx'

/** "costs.csv (imp_2)", which leads to the import; its id alone until the name is known, or where it had none. */
export function ImportLink(props: { id: ImportView['importId'] }) {
  const one = useQuery(() => ({
    queryKey: ['imports.get', props.id],
    queryFn: () => api.imports.get.query({ importId: props.id }),
    staleTime: Number.POSITIVE_INFINITY, // a name does not change
    retry: false,
  }))
  const name = () => (one.isPending || one.isError ? '' : (one.data?.fileName ?? ''))
  return (
    <A class="link file-name" href={`/imports/${props.id}`}>
      <Show when={name()} fallback={props.id}>
        {(known) => `${known()} (${props.id})`}
      </Show>
    </A>
  )
}
