import { createUniqueId, Show } from 'solid-js'
import { failureOf } from '../../api.ts'
import { TextField } from '../../components/text-field.tsx'
import { fieldProblem } from '../../field-problem.ts'
import type { Team } from '../../teams.ts'

/** The fields that say themselves what the server thinks of them, under the server's names. */
export const TEAM_FIELDS = ['name', 'description', 'budget_usd'] as const

/** What people decide about a team; finance only its budget. `error` is of the call that was last refused. */
export function TeamFields(props: { of?: Team; isBudgetOnly?: boolean; error: unknown }) {
  const id = createUniqueId()
  const problem = (name: (typeof TEAM_FIELDS)[number]) => fieldProblem(props.error, name)
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
          problem={isNameTaken(props.error) ? failureOf(props.error).message : problem('name')}
        />
        <div class="field">
          <label for={id}>Description (optional)</label>
          <textarea
            id={id}
            name="description"
            rows={2}
            maxlength={2000}
            value={props.of?.description ?? ''}
            aria-invalid={problem('description') !== undefined}
            aria-describedby={`${id}-problem`}
          />
          <p id={`${id}-problem`} class="field-problem" role="alert">
            {problem('description')}
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
        problem={problem('budget_usd')}
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

/** Whether another team has the name: that is told at the field. */
export function isNameTaken(error: unknown): boolean {
  return Boolean(error) && failureOf(error).code === 'teams.name_taken'
}

function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim()
}
