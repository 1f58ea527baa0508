import { createSignal, For, Show } from 'solid-js'
import { refusalOf } from '../../api.ts'
import { Dialog } from '../../components/dialog.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { formatCount, formatCountOf } from '../../format/count.ts'
import { useSettled } from './settled.ts'

type Rates = { input_usd_per_million: string; output_usd_per_million: string }
/** The REST path's answer, as far as it is shown: a price map is larger than a typed call may be. */
type Imported = {
  effective_from: string
  new_count: number
  changed_count: number
  unchanged_count: number
  refused_count: number
  skipped_count: number
  rows: { model: string; outcome: string; reason: string | null; before: Rates | null; after: Rates | null }[]
  left_out_count: number
}

const MOST_SHOWN = 200

/** Takes the prices of a LiteLLM price map, after a look at what that changes. */
export function ImportDialog(props: { onClose: () => void }) {
  const settle = useSettled()
  const [file, setFile] = createSignal<File | null>(null)
  const [from, setFrom] = createSignal('')
  const [isConfirmed, setConfirmed] = createSignal(false)
  const [diff, setDiff] = createSignal<Imported | null>(null)
  const [error, setError] = createSignal<unknown>(null)
  const [isBusy, setBusy] = createSignal(false)
  const send = async (isDryRun: boolean) => {
    const chosen = file()
    if (!chosen || isBusy()) return
    setBusy(true)
    setError(null)
    try {
      const query = new URLSearchParams({
        format: 'litellm',
        dry_run: String(isDryRun),
        confirm: String(isConfirmed()),
      })
      if (from()) query.set('effective_from', from())
      const answer = await fetch(`/api/v1/prices/import?${query}`, {
        ...{ method: 'POST', body: chosen, headers: { 'content-type': 'application/octet-stream' } },
      })
      const text = await answer.text()
      if (!answer.ok) throw refusalOf(answer.status, text)
      if (isDryRun) setDiff(JSON.parse(text) as Imported)
      else {
        settle()
        props.onClose()
      }
    } catch (thrown) {
      setError(thrown)
    } finally {
      setBusy(false)
    }
  }
  const look = () => void send(true)
  const taken = () => (diff()?.new_count ?? 0) + (diff()?.changed_count ?? 0)
  return (
    <Dialog title="Import a price map" onClose={props.onClose}>
      <div class="form">
        <p class="note">
          LiteLLM publishes list prices of models as <code>model_prices_and_context_window.json</code>. Prices that your
          company entered stay as they are.
        </p>
        <div class="field-row">
          <label>
            File
            <input
              type="file"
              accept=".json,application/json,.gz"
              onChange={(event) => {
                setFile(event.currentTarget.files?.[0] ?? null)
                look()
              }}
            />
          </label>
          <label>
            From (UTC day; empty: today)
            <input
              type="date"
              value={from()}
              onChange={(event) => {
                setFrom(event.currentTarget.value)
                look()
              }}
            />
          </label>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={isConfirmed()}
            onChange={(event) => {
              setConfirmed(event.currentTarget.checked)
              look()
            }}
          />
          Take prices that jump a hundredfold, too
        </label>
        <Show when={error()}>{(thrown) => <FailureNote title="That did not work" error={thrown()} />}</Show>
        <Show when={diff()}>{(shown) => <Difference of={shown()} />}</Show>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => props.onClose()}>
            Cancel
          </button>
          <button
            type="button"
            class="button is-primary"
            disabled={isBusy() || taken() === 0}
            onClick={() => void send(false)}
          >
            {isBusy() ? 'One moment…' : `Take ${formatCountOf(taken(), 'price')}`}
          </button>
        </div>
      </div>
    </Dialog>
  )
}

function Difference(props: { of: Imported }) {
  const counts = () =>
    [
      ['New', props.of.new_count],
      ['Changed', props.of.changed_count],
      ['Unchanged', props.of.unchanged_count],
      ['Refused', props.of.refused_count],
      ['Skipped, without a price of tokens', props.of.skipped_count],
    ] as const
  const price = (rates: Rates | null) =>
    rates ? `$${rates.input_usd_per_million} in, $${rates.output_usd_per_million} out` : '—'
  return (
    <>
      <dl class="prices-facts" aria-live="polite">
        <For each={counts()}>
          {([name, count]) => (
            <div>
              <dt>{name}</dt>
              <dd>{formatCount(count)}</dd>
            </div>
          )}
        </For>
      </dl>
      <Show when={props.of.rows.length > 0}>
        <section class="table-scroll prices-rows" tabindex="0" aria-label="What would change">
          <table>
            <caption class="visually-hidden">What would change from {props.of.effective_from} on</caption>
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.of.rows.slice(0, MOST_SHOWN)}>
                {(row) => (
                  <tr>
                    <th scope="row" class="prices-model">
                      {row.model}
                    </th>
                    <td>{price(row.before)}</td>
                    <td>
                      <Show when={row.reason} fallback={price(row.after)}>
                        {(reason) => (
                          <>
                            <span class="badge is-warning">Refused</span> {reason()}
                          </>
                        )}
                      </Show>
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </section>
        <Show when={props.of.rows.length + props.of.left_out_count > MOST_SHOWN}>
          <p class="note">
            The first {formatCount(MOST_SHOWN)} of {formatCount(props.of.rows.length + props.of.left_out_count)}.
          </p>
        </Show>
      </Show>
    </>
  )
}
