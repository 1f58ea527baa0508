import { createUniqueId, For, Match, Show, Switch } from 'solid-js'
import type { Answers } from '../../api.ts'
import { TextField } from '../../components/text-field.tsx'
import type { Form } from '../../forms/create-form.ts'
import { type Field, type Kind, refusedAs, type Source } from './source-form.ts'

/** The fields that say themselves what the server thinks of them, for a kind. */
export function toldFields(kind: Kind | undefined): string[] {
  const own = (kind?.config ?? []).map(({ name }) => refusedAs('config', name))
  const secret = (kind?.secrets ?? []).map(({ name }) => refusedAs('secrets', name))
  return ['name', 'source', 'provider', 'currency', 'time_zone', ...own, ...secret]
}

/** What people decide about a source of one kind. */
export function SourceFields(props: {
  kind: Kind
  of?: Source
  formats: Answers['imports']['formats']
  problem: Form['problem']
}) {
  return (
    <>
      <TextField
        label="Name"
        name="name"
        value={props.of?.name ?? ''}
        maxlength={100}
        required
        autocomplete="off"
        placeholder="e.g. AWS billing export"
        problem={props.problem('name')}
      />
      <div class="field-row">
        <For each={props.kind.config}>
          {(field) => (
            <KindField
              field={field}
              name={`config.${field.name}`}
              value={props.of?.config[field.name] ?? field.default ?? ''}
              problem={props.problem(refusedAs('config', field.name))}
            />
          )}
        </For>
      </div>
      <fieldset class="source-secrets">
        <legend>Secrets</legend>
        <p class="note">Kept sealed. Nobody sees them again, administrators included.</p>
        <div class="field-row">
          <For each={props.kind.secrets}>
            {(field) => (
              <SecretField
                field={field}
                isKept={props.of?.keptSecrets.includes(field.name) ?? false}
                problem={props.problem(refusedAs('secrets', field.name))}
              />
            )}
          </For>
        </div>
      </fieldset>
      <details class="source-reading">
        <summary>How to read what it brings</summary>
        <div class="field-row">
          <Show when={props.kind.format === null}>
            <label>
              Format
              <select name="format">
                <option value="auto">Recognise it</option>
                <For each={props.formats}>
                  {({ id, label }) => (
                    <option value={id} selected={props.of?.format === id}>
                      {label}
                    </option>
                  )}
                </For>
              </select>
            </label>
          </Show>
          <TextField
            label="Source"
            name="source"
            value={props.of?.source ?? ''}
            maxlength={100}
            hint="Whose rows they are. A newer bill takes the place of an older one of the same source."
            problem={props.problem('source')}
          />
          <TextField
            label="Provider"
            name="provider"
            value={props.of?.provider ?? ''}
            maxlength={100}
            hint="Where the file does not say it."
            problem={props.problem('provider')}
          />
          <TextField
            label="Currency"
            name="currency"
            value={props.of?.currency ?? ''}
            maxlength={3}
            placeholder="USD"
            problem={props.problem('currency')}
          />
          <TextField
            label="Time zone"
            name="timeZone"
            value={props.of?.timeZone ?? ''}
            placeholder="UTC"
            hint="Of times without one, such as Europe/Berlin."
            problem={props.problem('time_zone')}
          />
        </div>
      </details>
      <label class="check">
        <input type="checkbox" name="isEnabled" checked={props.of?.isEnabled ?? true} />
        Pull it every day
      </label>
    </>
  )
}

/** A field as its kind describes it. */
export function KindField(props: {
  field: Field
  name: string
  value: string | number | boolean
  problem: string | undefined
}) {
  const id = createUniqueId()
  return (
    <Switch
      fallback={
        <TextField
          label={props.field.label}
          name={props.name}
          type={props.field.type === 'number' ? 'number' : 'text'}
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
          <select id={id} name={props.name} aria-describedby={`${id}-hint`}>
            <For each={props.field.choices}>
              {(choice) => (
                <option value={choice} selected={choice === props.value}>
                  {choice.replaceAll('_', ' ')}
                </option>
              )}
            </For>
          </select>
          <p id={`${id}-hint`} class="note">
            {props.field.hint}
          </p>
        </div>
      </Match>
      <Match when={props.field.type === 'flag'}>
        <div class="field">
          <label class="check">
            <input type="checkbox" name={props.name} checked={props.value === true} aria-describedby={`${id}-hint`} />
            {props.field.label}
          </label>
          <p id={`${id}-hint`} class="note">
            {props.field.hint}
          </p>
        </div>
      </Match>
    </Switch>
  )
}

/** A secret is written, never read: a kept one shows that it is there, and stays unless something is typed. */
export function SecretField(props: { field: Field; isKept: boolean; problem: string | undefined }) {
  const id = createUniqueId()
  const hint = () =>
    [props.field.hint, props.isKept ? 'Kept: leave it empty to keep it.' : ''].filter(Boolean).join(' ')
  const placeholder = () => (props.isKept ? '•••••••• kept' : props.field.example)
  return (
    <div class="field">
      <Show
        when={props.field.type === 'lines'}
        fallback={
          <TextField
            label={props.field.label}
            name={`secret.${props.field.name}`}
            type="password"
            autocomplete="new-password"
            required={props.field.isRequired && !props.isKept}
            placeholder={placeholder()}
            hint={hint() || undefined}
            problem={props.problem}
          />
        }
      >
        <label for={id}>{props.field.label}</label>
        <textarea
          id={id}
          name={`secret.${props.field.name}`}
          rows={2}
          autocomplete="off"
          spellcheck={false}
          placeholder={placeholder()}
          aria-invalid={props.problem !== undefined}
          aria-describedby={`${id}-hint ${id}-problem`}
        />
        <p id={`${id}-hint`} class="note">
          {hint()}
        </p>
        <p id={`${id}-problem`} class="field-problem" role="alert">
          {props.problem}
        </p>
      </Show>
      <Show when={props.isKept && !props.field.isRequired}>
        <label class="check">
          <input type="checkbox" name={`forget.${props.field.name}`} />
          Forget it
        </label>
      </Show>
    </div>
  )
}
