import { For, Show } from 'solid-js'
import { useTeams } from '../../teams.ts'
import type { User } from '../../user.ts'

export type Settings = { model: string; teamId: string; system: string; temperature: string; maxTokens: string }

/** Of whom what is asked, and how: team, model, system message and parameters. */
export function SettingsFields(props: {
  user: User
  settings: Settings
  models: readonly string[]
  onChange: (change: Partial<Settings>) => void
}) {
  const { own: teams, error } = useTeams(() => props.user.seesWholeCompany)
  const isAsking = () => props.user.seesWholeCompany && teams() === undefined && !error()
  const choices = () => (props.user.seesWholeCompany ? (teams() ?? []) : props.user.teams)
  return (
    <div class="playground-settings" aria-busy={isAsking()}>
      <Show when={props.user.seesWholeCompany || props.user.teams.length > 1}>
        <label>
          Team
          <select
            value={props.settings.teamId}
            onChange={(event) => props.onChange({ teamId: event.currentTarget.value })}
          >
            <Show when={props.user.seesWholeCompany}>
              <option value="">None: the whole company</option>
            </Show>
            <For each={choices()}>
              {(team) => (
                <option value={team.id} selected={team.id === props.settings.teamId}>
                  {team.name}
                </option>
              )}
            </For>
          </select>
          <Show when={error()}>
            <span class="field-problem" role="alert">
              The teams could not be asked. Without one the call is the whole company’s.
            </span>
          </Show>
        </label>
      </Show>
      <label>
        Model
        <select value={props.settings.model} onChange={(event) => props.onChange({ model: event.currentTarget.value })}>
          <For each={props.models}>
            {(model) => (
              <option value={model} selected={model === props.settings.model}>
                {model}
              </option>
            )}
          </For>
        </select>
      </label>
      <label>
        Temperature
        <input
          type="number"
          min="0"
          max="2"
          step="0.1"
          placeholder="the model’s own"
          value={props.settings.temperature}
          onInput={(event) => props.onChange({ temperature: event.currentTarget.value })}
        />
      </label>
      <label>
        Most tokens
        <input
          type="number"
          min="1"
          step="1"
          placeholder="no limit"
          value={props.settings.maxTokens}
          onInput={(event) => props.onChange({ maxTokens: event.currentTarget.value })}
        />
      </label>
      <label class="is-wide">
        System message
        <textarea
          rows={2}
          placeholder="How the model should answer"
          value={props.settings.system}
          onInput={(event) => props.onChange({ system: event.currentTarget.value })}
        />
      </label>
    </div>
  )
}
