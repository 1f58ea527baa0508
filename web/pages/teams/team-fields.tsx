import { createUniqueId, Show } from 'solid-js'
import { TextField } from '../../components/text-field.tsx'
import type { Form } from '../../forms/create-form.ts'
import type { Team } from '../../teams.ts'

/** The fields that say themselves what the server thinks of them, under the server's names. */
export const TEAM_FIELDS = ['name', 'description', 'budget_usd'] as const

/** What people decide about a team; finance only its budget. */
export function TeamFields(props: { of?: Team; isBudgetOnly?: boolean; problem: Form['problem'] }) {
  const id = createUniqueId()
  return (
    <>
      <Show when={!props.isBudgetOnly}>
        <TextField
          label="Name"
          name="name"
          value={props.of?.name ?? ''}
          maxlength={200}
          required
          autocomplete="off"
          placeholder="e.g. ml-research"
          hint="Files of jobs find the team by this name."
          problem={props.problem('name')}
        />
        <div class="field">
          <label for={id}>Description (optional)</label>
          <textarea
            id={id}
            name="description"
            rows={2}
            maxlength={2000}
            value={props.of?.description ?? ''}
            aria-invalid={props.problem('description') !== undefined}
            aria-describedby={`${id}-problem`}
          />
          <p id={`${id}-problem`} class="field-problem" role="alert">
            {props.problem('description')}
          </p>
        </div>
      </Show>
      <TextField
        label="Monthly budget, USD"
        name="budget"
        inputmode="decimal"
        autocomplete="off"
        value={props.of?.budgetUsd ?? ''}
        placeholder="none"
        hint="Empty: no budget, which is not a budget of 0."
        problem={props.problem('budget_usd')}
      />
    </>
  )
}

/** What the fields say. */
export function teamIn(form: FormData) {
  return { name: textOf(form, 'name'), description: textOf(form, 'description'), ...budgetIn(form) }
}

/** The budget alone; an empty field takes it away. The server checks the amount. */
export function budgetIn(form: FormData): { budgetUsd: string | null } {
  return { budgetUsd: textOf(form, 'budget') || null }
}

function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim()
}
