import { A, useLocation, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../api.ts'
import { BASES, type Filter } from '../choice/choice.ts'
import { useChoice } from '../choice/use-choice.ts'
import { FilterChips } from '../components/filter-chips.tsx'
import { LastFigures } from '../components/not-up-to-date.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { useUser } from '../user.ts'
import { MethodPicker, type Picked } from './gpu-hour/method-picker.tsx'
import { NodeSums } from './gpu-hour/node-sums.tsx'
import { NodeTable } from './gpu-hour/node-table.tsx'
import { UnsplitTable } from './gpu-hour/unsplit-table.tsx'

type Params = { method?: string; gpu?: string; cpu?: string; memory?: string }

/** What a GPU-hour costs: nodes of the bill, split into GPU, CPU and memory by a method that stands beside the figures. */
export default function GpuHourPage() {
  const user = useUser()
  return <Show when={user()}>{(known) => <GpuHours mayDecide={known().role === 'admin'} />}</Show>
}

function GpuHours(props: { mayDecide: boolean }) {
  const location = useLocation()
  const choice = useChoice(() => BASES)
  const [params, setParams] = useSearchParams<Params>()
  const filters = () => choice.choice().filters.filter(({ name }) => name === 'provider' || name === 'gpu_type')
  const picked = (): Picked => {
    const { method, gpu, cpu, memory } = params
    if (!method) return {}
    const shares = gpu && cpu && memory ? { gpuShare: gpu, cpuShare: cpu, memoryShare: memory } : {}
    return { method: method as NonNullable<Picked['method']>, ...(method === 'custom' ? shares : {}) }
  }
  const question = () => {
    const { start, end, provider, gpuType } = choice.question()
    return { start, end, ...(provider ? { provider } : {}), ...(gpuType ? { gpuType } : {}), ...picked() }
  }
  const nodes = useQuery(() => ({
    queryKey: ['analytics.nodeCost', question()],
    queryFn: () => api.analytics.nodeCost.query(question()),
  }))
  const pick = ({ method, gpuShare, cpuShare, memoryShare }: Picked) =>
    setParams({
      ...{ method: method ?? null, gpu: gpuShare ?? null, cpu: cpuShare ?? null, memory: memoryShare ?? null },
    })
  const removeFilter = (filter: Filter) => choice.removeFilter(filter)
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="What a GPU-hour costs" />
          <p class="note">
            Bills price whole nodes. A method says what of a node is its GPUs’, and stands beside every figure.{' '}
            <A href={`/${location.search}`}>Back to the overview</A>
          </p>
        </div>
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
          />
        </div>
      </div>
      <FilterChips
        filters={filters()}
        labelOf={({ value }) => value}
        onRemove={removeFilter}
        onClear={() => choice.change({ filters: [] })}
      />
      <MethodPicker nodes={nodes} picked={picked()} mayDecide={props.mayDecide} onPick={pick} />
      <LastFigures queries={[nodes]} />
      <NodeSums query={nodes} />
      <Panel
        title="By node size"
        query={nodes}
        minHeight={280}
        isEmpty={(data) => data.rows.every(({ kind }) => kind !== 'split')}
        empty={<NoNodes />}
      >
        {(data) => <NodeTable rows={data().rows.filter(({ kind }) => kind === 'split')} totals={data().totals} />}
      </Panel>
      <Show when={!nodes.isPending && nodes.data?.rows.some(({ kind }) => kind !== 'split')}>
        <Panel title="Not split" query={nodes} minHeight={120} isEmpty={() => false} empty={undefined}>
          {(data) => (
            <UnsplitTable rows={data().rows.filter(({ kind }) => kind !== 'split')} total={data().totals.notSplitUsd} />
          )}
        </Panel>
      </Show>
    </div>
  )
}

function NoNodes() {
  return (
    <>
      <p>No charge of these days names a node size that Heliox knows and can split this way.</p>
      <p>
        Bills of AWS and Azure and FOCUS files say the instance type. Simple cost files, and clouds that bill GPUs by
        the piece, do not.
      </p>
    </>
  )
}
