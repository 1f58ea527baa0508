import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { useUser } from '../user.ts'
import { GpuTable } from './prices/gpu-table.tsx'
import { PriceTable } from './prices/price-table.tsx'
import { type Opened, PricesDialogs } from './prices/prices-dialogs.tsx'
import { UnpricedTable } from './prices/unpriced-table.tsx'

const LIMIT = 25
const SOURCES = { all: 'All that hold today', company: 'The company’s own', catalogue: 'The catalogue’s' } as const
type Source = keyof typeof SOURCES

type Params = { search?: string; from?: string; skip?: string; gpu?: string; gpus?: string }

/** What tokens and GPU-hours cost by list, since when and by whose word; and which models nobody knows the price of. */
export default function PricesPage() {
  const user = useUser()
  const mayWrite = () => user()?.role === 'admin' || user()?.role === 'finance'
  const [params, setParams] = useSearchParams<Params>()
  const [opened, open] = createSignal<Opened | null>(null)
  const [failure, setFailure] = createSignal<unknown>(null)
  const from = (): Source => (params.from && params.from in SOURCES ? (params.from as Source) : 'all')
  const unpriced = useQuery(() => ({ queryKey: ['prices.unpriced'], queryFn: () => api.prices.unpriced.query() }))
  const asked = () => ({
    ...{ skip: readSkip(params.skip), limit: LIMIT, from: from() },
    ...(params.search ? { search: params.search } : {}),
  })
  const models = useQuery(() => ({
    queryKey: ['prices.models.list', asked()],
    queryFn: () => api.prices.models.list.query(asked()),
  }))
  const gpusAsked = () => ({
    ...{ skip: readSkip(params.gpus), limit: LIMIT },
    ...(params.gpu ? { search: params.gpu } : {}),
  })
  const gpus = useQuery(() => ({
    queryKey: ['prices.gpus.list', gpusAsked()],
    queryFn: () => api.prices.gpus.list.query(gpusAsked()),
  }))
  /** Opens a dialog about a thing as it is now, with its version. */
  const openAbout = (question: Promise<Opened>) => {
    setFailure(null)
    question.then(open, setFailure)
  }
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Prices" />
          <p class="note">
            A call keeps what it cost on its day. A new price holds from its first day on and rewrites nothing; pricing
            calls again is a step of its own, with a look at the difference first.
          </p>
        </div>
        <Show when={mayWrite()}>
          <div class="prices-filters">
            <button type="button" class="button" onClick={() => open({ dialog: 'import' })}>
              Import
            </button>
            <button type="button" class="button" onClick={() => open({ dialog: 'reprice', model: '' })}>
              Price calls again
            </button>
            <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new', model: '' })}>
              New price
            </button>
          </div>
        </Show>
      </div>
      <Show when={failure()}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
      <Panel
        title="Without a price"
        query={unpriced}
        minHeight={60}
        isEmpty={(data) => data.models.length === 0}
        empty={<p>Every call of the last 30 days has a cost.</p>}
      >
        {(data) => (
          <UnpricedTable
            models={data().models}
            mayWrite={mayWrite()}
            onPrice={(model) => open({ dialog: 'new', model })}
            onReprice={(model) => open({ dialog: 'reprice', model })}
          />
        )}
      </Panel>
      <Panel
        title="Models, US dollars for a million tokens"
        query={models}
        minHeight={280}
        isEmpty={(data) => data.total === 0}
        empty={
          <p>
            {params.search
              ? 'No price of a model with this name.'
              : 'No prices of the company’s own. The catalogue’s count.'}
          </p>
        }
        actions={
          <div class="prices-filters">
            <label class="inline-field">
              <span class="visually-hidden">Search models</span>
              <input
                type="search"
                placeholder="Model"
                value={params.search ?? ''}
                onChange={(event) => setParams({ search: event.currentTarget.value.trim() || null, skip: null })}
              />
            </label>
            <label class="inline-field">
              <span class="visually-hidden">Whose prices</span>
              <select onChange={(event) => setParams({ from: event.currentTarget.value, skip: null })}>
                {Object.entries(SOURCES).map(([value, words]) => (
                  <option value={value} selected={value === from()}>
                    {words}
                  </option>
                ))}
              </select>
            </label>
          </div>
        }
      >
        {(data) => (
          <>
            <PriceTable
              prices={data().prices}
              mayWrite={mayWrite()}
              onHistory={(model) => open({ dialog: 'history', model })}
              onOwn={(price) => open({ dialog: 'new', model: price.model, of: price })}
              onOpen={(dialog, id) =>
                openAbout(api.prices.models.get.query({ id }).then((price) => ({ dialog, price })))
              }
            />
            <Pager of="the prices" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <Panel
        title="GPU-hours"
        query={gpus}
        minHeight={200}
        isEmpty={(data) => data.total === 0}
        empty={<p>No price of such a GPU.</p>}
        actions={
          <div class="prices-filters">
            <label class="inline-field">
              <span class="visually-hidden">Search GPUs</span>
              <input
                type="search"
                placeholder="Provider, GPU"
                value={params.gpu ?? ''}
                onChange={(event) => setParams({ gpu: event.currentTarget.value.trim() || null, gpus: null })}
              />
            </label>
            <Show when={mayWrite()}>
              <button type="button" class="button" onClick={() => open({ dialog: 'new-gpu' })}>
                New GPU price
              </button>
            </Show>
          </div>
        }
      >
        {(data) => (
          <>
            <GpuTable
              prices={data().prices}
              mayWrite={mayWrite()}
              onOpen={(dialog, id) => openAbout(api.prices.gpus.get.query({ id }).then((price) => ({ dialog, price })))}
            />
            <Pager of="GPU prices" page={data()} onSkip={(next) => setParams({ gpus: next || null })} />
          </>
        )}
      </Panel>
      <PricesDialogs opened={opened()} mayWrite={mayWrite()} onOpen={open} />
    </div>
  )
}
