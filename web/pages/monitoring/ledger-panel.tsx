import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { formatCountOf } from '../../format/count.ts'
import { formatDays, formatInstant } from '../../format/day.ts'
import type { State } from './words.ts'

const POLL_MS = 5_000

/** What the last check of the ledger found. An administrator checks it now, or has it made anew from bills and jobs. */
export function LedgerFacts(props: { state: State; mayKeep: boolean }) {
  const client = useQueryClient()
  const [isAsking, setAsking] = createSignal(false)
  const ledger = useQuery(() => ({
    queryKey: ['ledger.state'],
    queryFn: () => api.ledger.state.query(),
    enabled: props.mayKeep,
    refetchInterval: ({ state }) => (state.data?.rebuild && !state.data.rebuild.isDone ? POLL_MS : false),
  }))
  const settle = () =>
    client.invalidateQueries({ predicate: ({ queryKey }) => /^(monitoring|ledger)\./.test(`${queryKey[0]}`) })
  const check = useMutation(() => ({
    mutationFn: (full: boolean) => api.ledger.check.mutate({ full }),
    onSettled: settle,
  }))
  const rebuild = useMutation(() => ({ mutationFn: () => api.ledger.rebuild.mutate({}), onSettled: settle }))
  const made = () => (props.mayKeep && !ledger.isPending ? (ledger.data?.rebuild ?? null) : null)
  return (
    <div class="ledger-facts">
      <Show
        when={props.state.ledgerCheck}
        fallback={<p>Not checked yet: that is done every night, or now with the buttons below.</p>}
      >
        {(found) => (
          <>
            <p>
              <span class={`badge ${found().holds ? 'is-good' : 'is-warning'}`}>
                {found().holds ? 'Adds up' : 'Does not add up'}
              </span>{' '}
              {found().isSample ? 'A sample' : 'Everything'}, checked {formatInstant(found().finishedAt)}:{' '}
              {sizeOf(found())}.
            </p>
            <Show when={!found().holds}>
              <ul class="findings-list">
                <For each={found().findings}>
                  {(finding) => (
                    <li>
                      {finding.message}: not so in {formatCountOf(finding.count, 'place')}
                      <span class="note"> such as {finding.examples[0]}</span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          </>
        )}
      </Show>
      <p class="note">
        {props.state.stalePoolDays === 0
          ? 'Every day is shared out to its teams.'
          : `${formatCountOf(props.state.stalePoolDays, 'day')} of a GPU type ${props.state.stalePoolDays === 1 ? 'waits' : 'wait'} to be shared out; the next background round does so.`}
      </p>
      <Show when={made()}>
        {(one) => (
          <p class="note" role="status">
            {one().isDone
              ? `Last rebuilt ${formatInstant(one().finishedAt ?? one().startedAt)} by ${one().startedBy}: ${formatCountOf(one().recutCount, 'job')} were wrong.`
              : `A rebuild is under way: ${formatCountOf(one().jobCount, 'job')}, ${formatCountOf(one().dayCount, 'day')} done so far.`}
          </p>
        )}
      </Show>
      <Show when={check.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
      <Show when={props.mayKeep}>
        <div class="ledger-actions">
          <button type="button" class="button" disabled={check.isPending} onClick={() => check.mutate(false)}>
            {check.isPending ? 'Checking…' : 'Check a sample'}
          </button>
          <button type="button" class="button" disabled={check.isPending} onClick={() => check.mutate(true)}>
            Check everything
          </button>
          <button type="button" class="button" onClick={() => setAsking(true)}>
            Rebuild the ledger…
          </button>
        </div>
      </Show>
      <Show when={isAsking()}>
        <ConfirmDialog
          title="Rebuild the ledger?"
          confirm="Rebuild it"
          isBusy={rebuild.isPending}
          error={rebuild.error}
          onConfirm={() => rebuild.mutateAsync()}
          onClose={() => {
            rebuild.reset()
            setAsking(false)
          }}
        >
          <p>
            Everything that is derived from bills and jobs is worked out again. Nothing that was imported changes, and
            closed months stay as they are. With millions of jobs it takes a while; the clock goes on with it.
          </p>
        </ConfirmDialog>
      </Show>
    </div>
  )
}

/** "12 days and 3 jobs of Jan 1 – 12, 2026". */
function sizeOf({ dayCount, jobCount, startDate, endDate }: NonNullable<State['ledgerCheck']>): string {
  if (dayCount === 0 && jobCount === 0) return 'nothing was in it'
  const size = `${formatCountOf(dayCount, 'day')} and ${formatCountOf(jobCount, 'job')}`
  return startDate && endDate ? `${size} of ${formatDays(startDate, endDate)}` : size
}
