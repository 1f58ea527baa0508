import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { sayResult } from '../../components/results.ts'
import { formatInstant } from '../../format/day.ts'
import type { Anomaly } from './anomaly-card.tsx'
import { SAID } from './words.ts'

const BUTTONS = [
  ['yes', 'Yes, it was one'],
  ['no', 'No, it was none'],
  ['planned', 'It was planned'],
] as const
type Verdict = (typeof BUTTONS)[number][0]

/** What people say of an anomaly, and the way to take it back. */
export function Feedback(props: { anomaly: Anomaly; mayDecide: boolean }) {
  const id = createUniqueId()
  const client = useQueryClient()
  const [note, setNote] = createSignal('')
  const settle = () => client.invalidateQueries({ queryKey: ['analytics.anomalies'] })
  const say = useMutation(() => ({
    mutationFn: (verdict: Verdict) =>
      api.analytics.decideAnomaly.mutate({ key: props.anomaly.key, verdict, note: note() }),
    onSuccess: ({ effect }) => sayResult(effect),
    onSettled: settle,
  }))
  const undo = useMutation(() => ({
    mutationFn: () => api.analytics.undoAnomaly.mutate({ key: props.anomaly.key }),
    onSuccess: () => sayResult('It is taken back, and all that followed from it.'),
    onSettled: settle,
  }))
  const isBusy = () => say.isPending || undo.isPending
  return (
    <div class="anomaly-said no-print">
      <Show when={props.anomaly.verdict} fallback={<Show when={props.mayDecide}>{asked()}</Show>}>
        {(verdict) => (
          <>
            <p>
              <b>{SAID[verdict().verdict]}</b>
              {verdict().note === '' ? '' : `: ${verdict().note}`}{' '}
              <span class="note">
                {verdict().byLabel}, {formatInstant(verdict().saidAt)}
              </span>
            </p>
            <Show when={props.mayDecide}>
              <button
                type="button"
                class="button is-quiet"
                disabled={isBusy()}
                aria-label={`Undo what was said of ${props.anomaly.name} on ${props.anomaly.day}`}
                onClick={() => undo.mutate()}
              >
                Undo
              </button>
            </Show>
          </>
        )}
      </Show>
      <Show when={say.error ?? undo.error}>{(error) => <FailureNote title="That was not kept" error={error()} />}</Show>
    </div>
  )

  function asked() {
    return (
      <>
        <label class="anomaly-note" for={id}>
          Was it one?
          <input
            id={id}
            type="text"
            maxlength="500"
            placeholder="Note, if you like"
            value={note()}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </label>
        <div class="anomaly-buttons">
          <For each={BUTTONS}>
            {([verdict, words]) => (
              <button
                type="button"
                class="button"
                disabled={isBusy()}
                aria-label={`${words}: ${props.anomaly.name} on ${props.anomaly.day}`}
                onClick={() => say.mutate(verdict)}
              >
                {words}
              </button>
            )}
          </For>
        </div>
      </>
    )
  }
}
