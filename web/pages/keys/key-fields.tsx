import { createSignal, For, Show } from 'solid-js'
import { type KeyScope, lastDayOf, SCOPES } from './key-form.ts'
import type { Key } from './key-table.tsx'

/** What people decide about a key; `teams` only for a new one, since a key keeps its team. */
export function KeyFields(props: {
  of?: Key
  teams?: readonly { id: string; name: string }[]
  /** The whole company may be chosen: for administrators. */
  mayBeCompany: boolean
}) {
  const [team, setTeam] = createSignal(props.mayBeCompany ? '' : (props.teams?.[0]?.id ?? ''))
  const isCompany = () => (props.of ? props.of.teamId === null : team() === '')
  const offered = () => (Object.keys(SCOPES) as KeyScope[]).filter((name) => name !== 'admin' || isCompany())
  return (
    <>
      <label>
        Name
        <input name="name" value={props.of?.name ?? ''} maxlength="100" required placeholder="e.g. nightly import" />
      </label>
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
                <code>{name}</code> <span class="note">{SCOPES[name]}</span>
              </span>
            </label>
          )}
        </For>
      </fieldset>
      <div class="field-row">
        <label>
          Requests a minute
          <input name="rpm" type="number" min="1" max="1000000" value={props.of?.rpm ?? ''} placeholder="100" />
        </label>
        <label>
          Spend limit, USD a month
          <input
            name="limit"
            inputmode="decimal"
            value={props.of?.monthlyLimitUsd ?? ''}
            placeholder="none"
            aria-describedby="limit-help"
          />
        </label>
      </div>
      <p class="note" id="limit-help">
        The spend limit is kept with the key for the gateway; imports and reports cost nothing.
      </p>
      <div class="field-row">
        <label>
          Last day (UTC)
          <input name="expires" type="date" value={lastDayOf(props.of?.expiresAt ?? null)} />
        </label>
        <label>
          Models
          <input name="models" value={props.of?.models?.join(', ') ?? ''} placeholder="all" />
        </label>
      </div>
    </>
  )
}
