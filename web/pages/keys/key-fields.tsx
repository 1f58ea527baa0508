import { createSignal, For, Show } from 'solid-js'
import { TextField } from '../../components/text-field.tsx'
import type { Form } from '../../forms/create-form.ts'
import { type KeyScope, lastDayOf, SCOPES, scopeWords } from './key-form.ts'
import type { Key } from './key-table.tsx'

/** The fields that say themselves what the server thinks of them, under the server's names. */
export const KEY_FIELDS = ['name', 'scopes', 'rpm', 'tpm', 'monthly_limit_usd', 'expires_at', 'models'] as const

/** What is wrong, for people: the server's words name what a program would send. */
const PROBLEMS: { [Field in (typeof KEY_FIELDS)[number]]?: string } = {
  scopes: 'Tick at least one scope.',
  monthly_limit_usd: 'Write an amount of dollars, not below 0, such as 250 or 12.50.',
}

/** What people decide about a key; `teams` only for a new one, since a key keeps its team. */
export function KeyFields(props: {
  of?: Key
  teams?: readonly { id: string; name: string }[]
  /** The whole company may be chosen: for administrators. */
  mayBeCompany: boolean
  problem: Form['problem']
}) {
  const [team, setTeam] = createSignal(props.mayBeCompany ? '' : (props.teams?.[0]?.id ?? ''))
  const isCompany = () => (props.of ? props.of.teamId === null : team() === '')
  const offered = () => (Object.keys(SCOPES) as KeyScope[]).filter((name) => name !== 'admin' || isCompany())
  const problem = (name: (typeof KEY_FIELDS)[number]) => {
    const said = props.problem(name)
    return said && (PROBLEMS[name] ?? said)
  }
  return (
    <>
      <TextField
        label="Name"
        name="name"
        value={props.of?.name ?? ''}
        maxlength={100}
        required
        autocomplete="off"
        placeholder="e.g. nightly import"
        problem={problem('name')}
      />
      <Show when={props.teams}>
        {(teams) => (
          <label>
            Team
            <select name="team" value={team()} onChange={(event) => setTeam(event.currentTarget.value)}>
              <Show when={props.mayBeCompany}>
                <option value="">Whole company</option>
              </Show>
              <For each={teams()}>{({ id, name }) => <option value={id}>{name}</option>}</For>
            </select>
          </label>
        )}
      </Show>
      <fieldset class="choices">
        <legend>Scopes</legend>
        <For each={offered()}>
          {(name) => (
            <label class="check">
              <input type="checkbox" name="scopes" value={name} checked={props.of?.scopes.includes(name) ?? false} />
              <span>
                <code>{name}</code> <span class="note">{scopeWords(name, isCompany())}</span>
              </span>
            </label>
          )}
        </For>
        <p class="field-problem" role="alert">
          {problem('scopes')}
        </p>
      </fieldset>
      <div class="field-row">
        <TextField
          label="Requests a minute"
          name="rpm"
          type="number"
          min={1}
          max={1_000_000}
          value={props.of?.rpm ?? ''}
          placeholder="100"
          problem={problem('rpm')}
        />
        <TextField
          label="Tokens a minute"
          name="tpm"
          type="number"
          min={1}
          value={props.of?.tpm ?? ''}
          placeholder="no limit"
          problem={problem('tpm')}
        />
        <TextField
          label="Spend limit, USD a month"
          name="limit"
          inputmode="decimal"
          value={props.of?.monthlyLimitUsd ?? ''}
          placeholder="none"
          hint="For calls of models; imports and reports cost nothing."
          problem={problem('monthly_limit_usd')}
        />
        <TextField
          label="Last day (UTC)"
          name="expires"
          type="date"
          value={lastDayOf(props.of?.expiresAt ?? null)}
          hint="Empty: it does not expire."
          problem={problem('expires_at')}
        />
        <TextField
          label="Models"
          name="models"
          value={props.of?.models?.join(', ') ?? ''}
          placeholder="all"
          hint="Names, with commas between."
          problem={problem('models')}
        />
      </div>
    </>
  )
}
