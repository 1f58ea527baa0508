import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { createForm } from '../../forms/create-form.ts'
import type { Team } from '../../teams.ts'
import { type Draft, decisionOf, draftOf, METHOD_NAMES, METHODS } from './split-methods.ts'
import { SplitPreview } from './split-preview.tsx'
import type { Decision } from './statement-queries.ts'

/** Its name in what the server says of it. */
const SPLIT = 'shared_cost_split'

/** Decides how shared cost is split, with what it would give each team of a month beside it. */
export function SplitDialog(props: {
  decision: Decision
  version: string
  teams: readonly Team[]
  onReload: () => Promise<unknown>
  onClose: () => void
}) {
  const client = useQueryClient()
  const [draft, setDraft] = createSignal(draftOf(props.decision))
  const change = (next: Partial<Draft>) => setDraft({ ...draft(), ...next })
  const form = createForm({
    fields: [SPLIT],
    schema: () => import('../../../worker/settings/split-input.ts').then(({ SplitChange }) => SplitChange),
    read: () => ({ sharedCostSplit: decisionOf(draft()), version: props.version }),
    send: (decision) => api.settings.update.mutate(decision),
    onDone: () => {
      props.onClose()
      void client.invalidateQueries()
    },
  })
  return (
    <FormDialog
      title="Split shared cost"
      submit="Save the split"
      form={form}
      onReload={() => void props.onReload().then(() => form.reset())}
      onClose={props.onClose}
    >
      <fieldset class="split-methods">
        <legend>Method</legend>
        <For each={METHOD_NAMES}>
          {(method) => (
            <label class="check">
              <input
                type="radio"
                name="method"
                checked={draft().method === method}
                onChange={() => change({ method })}
              />
              <span>
                {METHODS[method].title}
                <span class="note"> {METHODS[method].words}</span>
              </span>
            </label>
          )}
        </For>
      </fieldset>
      <Show when={draft().method === 'even' || draft().method === 'proportional'}>
        <TakesPart teams={props.teams} draft={draft()} onChange={change} />
      </Show>
      <Show when={draft().method === 'weighted'}>
        <Weights teams={props.teams} draft={draft()} onChange={change} />
      </Show>
      <p class="field-problem" role="alert">
        {form.problem(SPLIT)}
      </p>
      <SplitPreview draft={draft()} />
    </FormDialog>
  )
}

type Part = { teams: readonly Team[]; draft: Draft; onChange: (next: Partial<Draft>) => void }

function TakesPart(props: Part) {
  const toggle = (id: string, isIn: boolean) =>
    props.onChange({ teams: isIn ? [...props.draft.teams, id] : props.draft.teams.filter((one) => one !== id) })
  return (
    <fieldset>
      <legend>Who takes part</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={props.draft.isAll}
          onChange={(event) => props.onChange({ isAll: event.currentTarget.checked })}
        />
        All teams that were charged anything in the month
      </label>
      <Show when={!props.draft.isAll}>
        <div class="split-teams">
          <For each={props.teams}>
            {(team) => (
              <label class="check">
                <input
                  type="checkbox"
                  checked={props.draft.teams.includes(team.id)}
                  onChange={(event) => toggle(team.id, event.currentTarget.checked)}
                />
                {team.name}
              </label>
            )}
          </For>
        </div>
      </Show>
    </fieldset>
  )
}

function Weights(props: Part) {
  const type = (id: string, weight: string) => props.onChange({ weights: { ...props.draft.weights, [id]: weight } })
  return (
    <fieldset>
      <legend>Weights</legend>
      <p class="note">Such as 2 or 0.5; a team without one takes no part.</p>
      <div class="split-weights">
        <For each={props.teams}>
          {(team) => (
            <label>
              {team.name}
              <input
                inputmode="decimal"
                autocomplete="off"
                value={props.draft.weights[team.id] ?? ''}
                onInput={(event) => type(team.id, event.currentTarget.value)}
              />
            </label>
          )}
        </For>
      </div>
    </fieldset>
  )
}
