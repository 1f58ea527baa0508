import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/solid-query'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { type Answers, api, type Questions } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { Skeleton } from '../../components/panel.tsx'
import { FIRST_SHARES, type Shares } from '../../components/share-fields.tsx'
import { createForm } from '../../forms/create-form.ts'
import { SharesForm } from './shares-form.tsx'

export type NodeCost = Answers['analytics']['nodeCost']
export type Picked = Pick<Questions['analytics']['nodeCost'], 'method' | 'gpuShare' | 'cpuShare' | 'memoryShare'>

/** By which method the figures are made, in its own words, and a way to try another; an administrator may make it the company's. */
export function MethodPicker(props: {
  nodes: UseQueryResult<NodeCost>
  picked: Picked
  mayDecide: boolean
  onPick: (picked: Picked) => void
}) {
  const client = useQueryClient()
  const id = createUniqueId()
  const methods = useQuery(() => ({
    queryKey: ['analytics.nodeSplitMethods'],
    queryFn: () => api.analytics.nodeSplitMethods.query(),
    staleTime: 3_600_000,
  }))
  const settings = useQuery(() => ({ queryKey: ['settings'], queryFn: () => api.settings.get.query() }))
  const [isAsking, setAsking] = createSignal(false)
  const said = () => (props.nodes.isPending ? undefined : props.nodes.data?.method)
  const companys = () => (settings.isPending ? undefined : settings.data?.nodeSplitMethod)
  const name = () => props.picked.method ?? companys()?.method ?? said()?.name
  const shares = (): Shares => {
    const { gpuShare, cpuShare, memoryShare } = props.picked
    if (gpuShare && cpuShare && memoryShare) return { gpu: gpuShare, cpu: cpuShare, memory: memoryShare }
    return companys()?.shares ?? FIRST_SHARES
  }
  const pickCustom = ({ gpu, cpu, memory }: Shares) =>
    props.onPick({ method: 'custom', gpuShare: gpu, cpuShare: cpu, memoryShare: memory })
  const pick = (method: string) => {
    if (method === 'custom') pickCustom(shares())
    else props.onPick({ method: method as NonNullable<Picked['method']> })
  }
  const decide = createForm({
    fields: [],
    read: () => {
      const { name: method, shares: own } = said() ?? { name: 'all-gpu' as const, shares: null }
      const version = settings.data ? { version: settings.data.version } : {}
      return { nodeSplitMethod: { method, shares: own }, ...version }
    },
    send: (decision) => api.settings.update.mutate(decision),
    onDone: () => {
      setAsking(false)
      void client.invalidateQueries()
    },
  })
  return (
    <section class="panel method" aria-label="How nodes are split" aria-busy={props.nodes.isFetching}>
      <div class="method-choice">
        <div class="field">
          <label for={id}>Method</label>
          <select id={id} value={name() ?? ''} onChange={(event) => pick(event.currentTarget.value)}>
            <For each={methods.data ?? []}>
              {(one) => (
                <option value={one.name} selected={one.name === name()}>
                  {one.title}
                  {one.name === companys()?.method ? ' (company’s)' : ''}
                </option>
              )}
            </For>
          </select>
        </div>
        <Show when={name() === 'custom'}>
          <SharesForm shares={shares()} onPick={pickCustom} />
        </Show>
      </div>
      <Show
        when={said()}
        fallback={
          <Show when={props.nodes.isPending}>
            <Skeleton label="Loading the method" />
          </Show>
        }
      >
        {(method) => (
          <div class="method-said">
            <p>
              <b>{method().title}</b>{' '}
              <span class="note">
                {method().name}, version {method().version}
              </span>{' '}
              <span class="badge" classList={{ 'is-good': method().isCompanys, 'is-warning': !method().isCompanys }}>
                {method().isCompanys ? 'Company’s method' : 'Tried here only'}
              </span>
            </p>
            <p>{method().formula}</p>
            <Show when={method().shares}>
              {(own) => (
                <p>
                  GPU {own().gpu}, CPU {own().cpu}, memory {own().memory}.
                </p>
              )}
            </Show>
            <p class="note">Source: {method().source}</p>
            <Show when={props.mayDecide && !method().isCompanys && !props.nodes.isPlaceholderData}>
              <button type="button" class="button" onClick={() => setAsking(true)}>
                Make it the company’s method
              </button>
            </Show>
            <Show when={isAsking()}>
              <FormDialog
                title="Change the company’s method?"
                submit="Make it the company’s"
                form={decide}
                onReload={() => void settings.refetch().then(() => decide.reset())}
                onClose={() => {
                  decide.reset()
                  setAsking(false)
                }}
              >
                <p>
                  Everybody’s GPU-hour figures are made by “{method().title}” from now on, for past days too. Bills and
                  what teams are charged do not change.
                </p>
              </FormDialog>
            </Show>
          </div>
        )}
      </Show>
    </section>
  )
}
