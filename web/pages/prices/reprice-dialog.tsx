import { useMutation } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { Dialog } from '../../components/dialog.tsx'
import { TableUsd } from '../../components/exact-usd.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { TextField } from '../../components/text-field.tsx'
import { formatCount, formatCountOf } from '../../format/count.ts'
import { useSettled } from './settled.ts'

type Repriced = Answers['prices']['reprice']

/** Calculates calls again with the price book as it is now: first the difference, then the change. */
export function RepriceDialog(props: { model: string; onClose: () => void }) {
  const settle = useSettled()
  const dayAt = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
  const [model, setModel] = createSignal(props.model)
  const [from, setFrom] = createSignal(dayAt(29))
  const [to, setTo] = createSignal(dayAt(0))
  const [diff, setDiff] = createSignal<Repriced | null>(null)
  const asked = () => ({ from: from(), to: to(), ...(model().trim() ? { model: model().trim() } : {}) })
  const ask = useMutation(() => ({
    mutationFn: (dryRun: boolean) => api.prices.reprice.mutate({ ...asked(), dryRun }),
  }))
  const look = () => ask.mutateAsync(true).then(setDiff, () => setDiff(null))
  const apply = () =>
    ask.mutateAsync(false).then(
      () => {
        settle()
        props.onClose()
      },
      () => undefined, // shown through ask.error
    )
  const change = (set: (text: string) => void) => (event: { currentTarget: HTMLInputElement }) => {
    set(event.currentTarget.value)
    setDiff(null)
  }
  return (
    <Dialog title="Price calls again" onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void look()
        }}
      >
        <p class="note">
          Calls of these days are calculated with the price book as it is now. What providers reported, and closed
          months, stay as they are.
        </p>
        <TextField label="Model" name="model" hint="Empty: all" value={model()} onInput={change(setModel)} />
        <div class="field-row">
          <TextField label="From (UTC day)" name="from" type="date" required value={from()} onInput={change(setFrom)} />
          <TextField label="To, included" name="to" type="date" required value={to()} onInput={change(setTo)} />
        </div>
        <Show when={ask.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
        <Show when={diff()}>{(shown) => <Difference of={shown()} />}</Show>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => props.onClose()}>
            Cancel
          </button>
          <button type="submit" class="button" disabled={ask.isPending}>
            Show the difference
          </button>
          <button
            type="button"
            class="button is-primary"
            disabled={ask.isPending || !diff()?.callCount}
            onClick={() => void apply()}
          >
            {ask.isPending ? 'One moment…' : `Change ${formatCountOf(diff()?.callCount ?? 0, 'call')}`}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function Difference(props: { of: Repriced }) {
  return (
    <div aria-live="polite">
      <dl class="prices-facts">
        <div>
          <dt>Calls that change</dt>
          <dd>{formatCount(props.of.callCount)}</dd>
        </div>
        <div>
          <dt>Before</dt>
          <dd>
            <TableUsd amount={props.of.beforeUsd} />
          </dd>
        </div>
        <div>
          <dt>After</dt>
          <dd>
            <TableUsd amount={props.of.afterUsd} />
          </dd>
        </div>
        <For each={props.of.grades.filter(({ before, after }) => before !== after)}>
          {({ before, after, callCount }) => (
            <div>
              <dt>
                {before} → {after}
              </dt>
              <dd>{formatCount(callCount)}</dd>
            </div>
          )}
        </For>
      </dl>
      <Show when={props.of.closedMonths.length > 0}>
        <p class="note">
          Closed, and left as they are: {props.of.closedMonths.join(', ')} (
          {formatCountOf(props.of.closedCount, 'call')}).
        </p>
      </Show>
      <Show when={props.of.unpricedCount > 0}>
        <p class="is-warning">{formatCountOf(props.of.unpricedCount, 'call')} still without a price.</p>
      </Show>
      <Show when={props.of.callCount > 0}>
        <section class="table-scroll prices-rows" tabindex="0" aria-label="The difference by model and team">
          <table>
            <caption class="visually-hidden">The difference by model, then by team</caption>
            <thead>
              <tr>
                <th scope="col">Model or team</th>
                <th scope="col" class="number">
                  Calls
                </th>
                <th scope="col" class="number">
                  Before
                </th>
                <th scope="col" class="number">
                  After
                </th>
              </tr>
            </thead>
            <tbody>
              <For
                each={[
                  ...props.of.byModel.map((one) => ({ ...one, name: one.model })),
                  ...props.of.byTeam.map((one) => ({ ...one, name: one.team ?? one.teamId ?? 'No team' })),
                ]}
              >
                {(one) => (
                  <tr>
                    <th scope="row" class="prices-model">
                      {one.name}
                    </th>
                    <td class="number">{formatCount(one.callCount)}</td>
                    <td class="number">
                      <TableUsd amount={one.beforeUsd} />
                    </td>
                    <td class="number">
                      <TableUsd amount={one.afterUsd} />
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </section>
      </Show>
    </div>
  )
}
