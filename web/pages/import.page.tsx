import { useParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../api.ts'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { useUser } from '../user.ts'
import { ImportFacts } from './imports/import-facts.tsx'
import { ImportProgress } from './imports/import-progress.tsx'
import { isUnderWay, mayChange } from './imports/kinds.ts'
import { RejectedRows } from './imports/rejected-rows.tsx'
import { RemoveImport } from './imports/remove-import.tsx'
import { Restatements } from './imports/restatements.tsx'
import { RetryDialog } from './imports/retry-dialog.tsx'

const POLL_MS = 1_000

/** One import with all of its counts and dollars, what it restated, and the rows that were refused. */
export default function ImportPage() {
  const route = useParams<{ importId: string }>()
  // Another import is another page: it takes the focus, and nothing of the one before stays.
  return (
    <Show when={route.importId} keyed>
      {(importId) => <OneImport importId={importId} />}
    </Show>
  )
}

function OneImport(props: { importId: string }) {
  const user = useUser()
  const [dialog, open] = createSignal<'retry' | 'remove' | null>(null)
  const asked = () => ({ importId: props.importId })
  const one = useQuery(() => ({
    queryKey: ['imports.get', props.importId],
    queryFn: () => api.imports.get.query(asked()),
    refetchInterval: ({ state }) => (state.data?.finishedAt === null ? POLL_MS : false),
  }))
  const known = () => (one.isPending ? undefined : one.data)
  const isOver = () => {
    const now = known()
    return now !== undefined && !isUnderWay(now.status)
  }
  const bills = useQuery(() => ({
    queryKey: ['imports.bills', props.importId, known()?.status],
    queryFn: () => api.imports.bills.query(asked()),
    enabled: isOver() && known()?.kind === 'costs' && user()?.seesWholeCompany === true,
  }))
  const billsNow = () => (bills.isPending ? [] : (bills.data ?? []))
  const reasons = useQuery(() => ({
    queryKey: ['imports.reasons', props.importId, known()?.failed, known()?.status],
    queryFn: () => api.imports.reasons.query({ ...asked(), limit: 100 }),
    enabled: (known()?.failed ?? 0) > 0,
  }))
  const reasonsNow = () => (reasons.isPending ? [] : (reasons.data?.reasons ?? []))
  const sumOfReasons = (name: 'retryableCount' | 'resolvedCount') =>
    reasonsNow().reduce((sum, reason) => sum + reason[name], 0)
  const may = () => {
    const now = known()
    return now !== undefined && mayChange(user(), now.kind)
  }
  const isStored = () => isOver() && !known()?.isDryRun && known()?.status !== 'removed'
  const mayRetry = () => may() && isStored() && known()?.status !== 'cancelled'
  const hasRows = () => (known()?.inserted ?? 0) + (known()?.updated ?? 0) > 0
  const mayRemove = () => may() && isStored() && hasRows() && !bills.isLoading
  return (
    <div class="page">
      <PageHeading title={known()?.fileName || props.importId} />
      <Panel
        title="Result"
        query={one}
        minHeight={260}
        isEmpty={() => false}
        empty={null}
        actions={
          <Show when={mayRemove()}>
            <button type="button" class="button" onClick={() => open('remove')}>
              Remove import…
            </button>
          </Show>
        }
      >
        {(data) => (
          <>
            <Show when={isUnderWay(data().status)}>
              <ImportProgress importId={props.importId} fileName={data().fileName} />
            </Show>
            <ImportFacts one={data()} />
          </>
        )}
      </Panel>
      <Show when={billsNow().length > 0}>
        <Panel title="Bills before and after" query={bills} minHeight={140} isEmpty={() => false} empty={null}>
          {(data) => <Restatements bills={data()} />}
        </Panel>
      </Show>
      <Show when={known()}>
        {(now) => (
          <RejectedRows one={now()} reasons={reasonsNow()} mayChange={mayRetry()} onRetry={() => open('retry')} />
        )}
      </Show>
      <Show when={dialog() === 'retry' && known()}>
        {(now) => <RetryDialog of={now()} rows={sumOfReasons('retryableCount')} onClose={() => open(null)} />}
      </Show>
      <Show when={dialog() === 'remove' && known()}>
        {(now) => (
          <RemoveImport
            of={now()}
            bills={billsNow()}
            resolvedRows={sumOfReasons('resolvedCount')}
            onClose={() => open(null)}
          />
        )}
      </Show>
    </div>
  )
}
