import { createUniqueId, For, Match, Show, Switch } from 'solid-js'
import { TextField } from '../../components/text-field.tsx'
import type { Form } from '../../forms/create-form.ts'
import type { Team } from '../../teams.ts'
import { refusedAs } from './rule-form.ts'
import { type Channel, type Field, type Kind, minutesInWords, type Rule, SEVERITY_WORDS } from './words.ts'

const FORS = [0, 2, 5, 15, 60, 360, 1440]
const REPEATS = [0, 60, 240, 720, 1440, 10_080]

/** What people decide about a rule of one kind. */
export function RuleFields(props: {
  kind: Kind
  of?: Rule
  teamId: string
  channels: readonly Channel[]
  problem: Form['problem']
}) {
  const offered = () => props.channels.filter(({ teamId }) => teamId === null || teamId === (props.teamId || null))
  return (
    <>
      <TextField
        label="Name"
        name="name"
        value={props.of?.name ?? props.kind.title}
        maxlength={100}
        required
        autocomplete="off"
        problem={props.problem('name')}
      />
      <div class="field-row">
        <For each={props.kind.params}>
          {(field) => (
            <ParamField
              field={field}
              value={props.of?.params[field.name] ?? field.default ?? ''}
              problem={props.problem(refusedAs(field.name))}
            />
          )}
        </For>
      </div>
      <div class="field-row">
        <label>
          Severity
          <select name="severity">
            <For each={Object.entries(SEVERITY_WORDS)}>
              {([id, [words]]) => (
                <option value={id} selected={(props.of?.severity ?? 'warning') === id}>
                  {words}
                </option>
              )}
            </For>
          </select>
        </label>
        <Minutes
          label="Must hold for"
          name="forMinutes"
          choices={FORS}
          value={props.of?.forMinutes ?? 0}
          none="Tell at once"
        />
        <Minutes
          label="Tell again"
          name="repeatMinutes"
          choices={REPEATS}
          value={props.of?.repeatMinutes ?? 0}
          none="Once only"
        />
      </div>
      <fieldset class="rule-channels">
        <legend>Channels</legend>
        <Show
          when={offered().length > 0}
          fallback={<p class="note">There is no channel for it yet: it is shown on this page only.</p>}
        >
          <For each={offered()}>
            {({ id, name, kind, isEnabled }) => (
              <label class="check">
                <input
                  type="checkbox"
                  name="channelIds"
                  value={id}
                  checked={props.of?.channels.some((one) => one.id === id) ?? false}
                />
                {name} <span class="note">{isEnabled ? kind : `${kind}, switched off`}</span>
              </label>
            )}
          </For>
        </Show>
        <p class="field-problem" role="alert">
          {props.problem('channel_ids')}
        </p>
      </fieldset>
      <label class="check">
        <input type="checkbox" name="isEnabled" checked={props.of?.isEnabled ?? true} />
        Look at it
      </label>
    </>
  )
}

/** Whose a new rule is, as far as its kind and the reader allow. */
export function WhoseField(props: {
  kind: Kind | undefined
  teams: readonly Team[]
  seesWholeCompany: boolean
  value: string
  problem: string | undefined
  onChange: (teamId: string) => void
}) {
  const ofCompany = () => props.seesWholeCompany && props.kind?.of.includes('company')
  return (
    <label>
      Whose
      <select name="teamId" onChange={(event) => props.onChange(event.currentTarget.value)}>
        <Show when={ofCompany()}>
          <option value="">Whole company</option>
        </Show>
        <Show when={props.kind?.of.includes('team')}>
          <For each={props.teams}>
            {({ id, name }) => (
              <option value={id} selected={id === props.value}>
                {name}
              </option>
            )}
          </For>
        </Show>
      </select>
      <span class="field-problem" role="alert">
        {props.problem}
      </span>
    </label>
  )
}

function Minutes(props: { label: string; name: string; choices: readonly number[]; value: number; none: string }) {
  const choices = () => [...new Set([...props.choices, props.value])].sort((a, b) => a - b)
  return (
    <label>
      {props.label}
      <select name={props.name}>
        <For each={choices()}>
          {(minutes) => (
            <option value={minutes} selected={minutes === props.value}>
              {minutes === 0 ? props.none : minutesInWords(minutes)}
            </option>
          )}
        </For>
      </select>
    </label>
  )
}

/** A field as its kind describes it. */
function ParamField(props: { field: Field; value: string | number | boolean; problem: string | undefined }) {
  const id = createUniqueId()
  const name = () => `params.${props.field.name}`
  return (
    <Switch
      fallback={
        <TextField
          label={props.field.label}
          name={name()}
          inputmode={props.field.type === 'number' ? 'decimal' : 'text'}
          value={String(props.value)}
          required={props.field.isRequired}
          placeholder={props.field.example}
          hint={props.field.hint || undefined}
          autocomplete="off"
          spellcheck={false}
          problem={props.problem}
        />
      }
    >
      <Match when={props.field.type === 'choice'}>
        <div class="field">
          <label for={id}>{props.field.label}</label>
          <select id={id} name={name()} aria-describedby={`${id}-hint ${id}-problem`}>
            <For each={props.field.choices}>
              {(choice) => (
                <option value={choice} selected={choice === props.value}>
                  {choice}
                </option>
              )}
            </For>
          </select>
          <p id={`${id}-hint`} class="note">
            {props.field.hint}
          </p>
          <p id={`${id}-problem`} class="field-problem" role="alert">
            {props.problem}
          </p>
        </div>
      </Match>
      <Match when={props.field.type === 'flag'}>
        <label class="check">
          <input type="checkbox" name={name()} checked={props.value === true} />
          {props.field.label}
        </label>
      </Match>
    </Switch>
  )
}
