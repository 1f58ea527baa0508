import { A, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { useUser } from '../user.ts'
import { MappingDialogs, type Opened } from './gpu-mapping/mapping-dialogs.tsx'
import { RateTable } from './gpu-mapping/rate-table.tsx'
import { RecognisedTable } from './gpu-mapping/recognised-table.tsx'
import { RuleTable } from './gpu-mapping/rule-table.tsx'
import { UnrecognisedTable } from './gpu-mapping/unrecognised-table.tsx'

const LIMIT = 25

type Params = {
  start?: string
  end?: string
  all?: string
  search?: string
  skip?: string
  rules?: string
  rates?: string
}

/** Which lines of bills are GPUs: what is known, what is not, and the rules that say so; and what currencies are worth. */
export default function GpuMappingPage() {
  const user = useUser()
  const mayWrite = () => user()?.role === 'admin'
  const [params, setParams] = useSearchParams<Params>()
  const [opened, open] = createSignal<Opened | null>(null)
  const [failure, setFailure] = createSignal<unknown>(null)
  const days = () => ({ ...(params.start ? { start: params.start } : {}), ...(params.end ? { end: params.end } : {}) })
  const recognised = useQuery(() => ({
    queryKey: ['gpuRules.recognised', days()],
    queryFn: () => api.gpuRules.recognised.query(days()),
  }))
  const asked = () => ({
    ...{ ...days(), skip: readSkip(params.skip), limit: LIMIT },
    ...(params.search ? { search: params.search } : {}),
    scope: params.all === '1' ? ('all' as const) : ('likely' as const),
  })
  const unrecognised = useQuery(() => ({
    queryKey: ['gpuRules.unrecognised', asked()],
    queryFn: () => api.gpuRules.unrecognised.query(asked()),
  }))
  const rules = useQuery(() => ({
    queryKey: ['gpuRules.list', params.rules],
    queryFn: () => api.gpuRules.list.query({ skip: readSkip(params.rules), limit: LIMIT }),
  }))
  const rates = useQuery(() => ({
    queryKey: ['rates.list', params.rates],
    queryFn: () => api.rates.list.query({ skip: readSkip(params.rates), limit: LIMIT }),
  }))
  /** Opens a dialog about a thing as it is now, with its version. */
  const openAbout = (question: Promise<Opened>) => {
    setFailure(null)
    question.then(open, setFailure)
  }
  const aboutRule = (dialog: 'edit-rule' | 'remove-rule', id: `rule_${number}`) =>
    openAbout(api.gpuRules.get.query({ id }).then((rule) => ({ dialog, rule })))
  const aboutRate = (dialog: 'edit-rate' | 'remove-rate', id: `rate_${number}`) =>
    openAbout(api.rates.get.query({ id }).then((rate) => ({ dialog, rate })))
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="GPU mapping" />
          <p class="note">
            Which lines of your bills are GPUs. A rule moves lines, in the bills that are there and in those to come;
            totals stay as they are. Whose the charges are is under <A href="/owner-rules">Who pays</A>.
          </p>
        </div>
        <Show when={mayWrite()}>
          <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new-rule', line: null })}>
            New rule
          </button>
        </Show>
      </div>
      <fieldset class="mapping-days">
        <legend class="visually-hidden">Days of the bills</legend>
        <label class="inline-field">
          From
          <input
            type="date"
            value={params.start ?? ''}
            onChange={(event) => setParams({ start: event.currentTarget.value || null, skip: null })}
          />
        </label>
        <label class="inline-field">
          to
          <input
            type="date"
            value={params.end ?? ''}
            onChange={(event) => setParams({ end: event.currentTarget.value || null, skip: null })}
          />
        </label>
        <span class="note">{params.start || params.end ? '' : 'All days'}</span>
      </fieldset>
      <Show when={failure()}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
      <Panel
        title="Recognised"
        query={recognised}
        minHeight={200}
        isEmpty={(data) => data.kinds.length === 0}
        empty={<p>No GPU cost on a bill yet. Import a bill, and its GPUs appear here.</p>}
      >
        {(data) => <RecognisedTable of={data()} />}
      </Panel>
      <Panel
        title="Not recognised"
        query={unrecognised}
        minHeight={280}
        isEmpty={(data) => data.total === 0}
        empty={
          <p>
            {params.all === '1'
              ? 'No line is left without a GPU type.'
              : 'Nothing that looks like GPU cost is left over. “Show every line” lists the rest of the bills.'}
          </p>
        }
        actions={
          <>
            <label class="inline-field">
              <span class="visually-hidden">Search</span>
              <input
                type="search"
                placeholder="Item, service, SKU"
                value={params.search ?? ''}
                onChange={(event) => setParams({ search: event.currentTarget.value.trim() || null, skip: null })}
              />
            </label>
            <label class="check">
              <input
                type="checkbox"
                checked={params.all === '1'}
                onChange={(event) => setParams({ all: event.currentTarget.checked ? '1' : null, skip: null })}
              />
              Show every line
            </label>
          </>
        }
      >
        {(data) => (
          <>
            <UnrecognisedTable
              lines={data().lines}
              mayWrite={mayWrite()}
              onMap={(line) => open({ dialog: 'new-rule', line })}
            />
            <Pager of="the lines" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <Panel
        title="Rules"
        query={rules}
        minHeight={140}
        isEmpty={(data) => data.total === 0}
        empty={<p>No rules yet. The newest that matches a line decides what it is, before anything else.</p>}
      >
        {(data) => (
          <>
            <RuleTable
              rules={data().rules}
              mayWrite={mayWrite()}
              onEdit={({ id }) => aboutRule('edit-rule', id)}
              onRemove={({ id }) => aboutRule('remove-rule', id)}
            />
            <Pager of="the rules" page={data()} onSkip={(next) => setParams({ rules: next || null })} />
          </>
        )}
      </Panel>
      <Panel
        title="Currency rates"
        query={rates}
        minHeight={140}
        isEmpty={(data) => data.total === 0}
        empty={<p>No rates yet. Rows of a bill in another currency wait in quarantine until its day has one.</p>}
        actions={
          <Show when={mayWrite()}>
            <button type="button" class="button" onClick={() => open({ dialog: 'new-rate' })}>
              New rate
            </button>
          </Show>
        }
      >
        {(data) => (
          <>
            <RateTable
              rates={data().rates}
              mayWrite={mayWrite()}
              onEdit={({ id }) => aboutRate('edit-rate', id)}
              onRemove={({ id }) => aboutRate('remove-rate', id)}
            />
            <Pager of="the rates" page={data()} onSkip={(next) => setParams({ rates: next || null })} />
          </>
        )}
      </Panel>
      <MappingDialogs opened={opened()} knownTypes={recognised.data?.knownTypes ?? []} onOpen={open} />
    </div>
  )
}
