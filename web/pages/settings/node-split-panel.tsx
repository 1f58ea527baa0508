import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { Panel } from '../../components/panel.tsx'
import { NodeSplitDialog } from './node-split-dialog.tsx'

export type NodeSplit = Answers['settings']['get']['nodeSplitMethod']
export type Method = Answers['analytics']['nodeSplitMethods'][number]

/** What of a node's cost is its GPUs', for everybody's GPU-hour figures; an administrator decides. */
export function NodeSplitPanel(props: { mayDecide: boolean }) {
  const settings = useQuery(() => ({ queryKey: ['settings'], queryFn: () => api.settings.get.query() }))
  const methods = useQuery(() => ({
    queryKey: ['analytics.nodeSplitMethods'],
    queryFn: () => api.analytics.nodeSplitMethods.query(),
    staleTime: 3_600_000,
  }))
  const [isOpen, setOpen] = createSignal(false)
  const wordsOf = (name: NodeSplit['method']) => methods.data?.find((one) => one.name === name)
  return (
    <Panel title="What a GPU-hour costs" query={settings} minHeight={110} isEmpty={() => false} empty={undefined}>
      {(data) => (
        <div class="split">
          <div>
            <p>
              <b>{wordsOf(data().nodeSplitMethod.method)?.title ?? data().nodeSplitMethod.method}.</b>{' '}
              {wordsOf(data().nodeSplitMethod.method)?.formula}
              <Show when={data().nodeSplitMethod.shares}>
                {(shares) => (
                  <>
                    {' '}
                    GPU {shares().gpu}, CPU {shares().cpu}, memory {shares().memory}.
                  </>
                )}
              </Show>
            </p>
            <p class="note">
              Bills price whole nodes; this says what of a node is its GPUs’. It holds for past days too, and changes
              neither bills nor what teams are charged. <A href="/gpu-hour">Try the methods on your nodes</A>
            </p>
          </div>
          <Show when={props.mayDecide}>
            <button type="button" class="button" onClick={() => setOpen(true)}>
              Change the method
            </button>
          </Show>
          <Show when={isOpen()}>
            <NodeSplitDialog
              chosen={data().nodeSplitMethod}
              version={data().version}
              methods={methods.data ?? []}
              onReload={() => settings.refetch()}
              onClose={() => setOpen(false)}
            />
          </Show>
        </div>
      )}
    </Panel>
  )
}
