import { createUniqueId, For, type JSX, Show } from 'solid-js'
import { TextField } from '../../components/text-field.tsx'
import type { Form } from '../../forms/create-form.ts'
import { type Backend, headerLines, KINDS, type Kind, modelLines, OWN_FIELDS } from './backend-form.ts'

/** What people decide about a backend. `children` stand between where it is and what it serves. */
export function BackendFields(props: {
  kind: Kind
  of?: Backend
  problem: Form['problem']
  onModels: (field: HTMLTextAreaElement) => void
  children: JSX.Element
}) {
  const id = createUniqueId()
  const known = () => KINDS.find(({ kind }) => kind === props.kind)
  return (
    <>
      <TextField
        label="Name"
        name="name"
        value={props.of?.name ?? ''}
        maxlength={100}
        required
        autocomplete="off"
        placeholder="e.g. vllm-a100"
        problem={props.problem('name')}
      />
      <Show when={props.kind !== 'echo'}>
        <TextField
          label="Address"
          name="baseUrl"
          value={props.of?.baseUrl ?? ''}
          maxlength={500}
          autocomplete="off"
          spellcheck={false}
          placeholder={known()?.address ?? ''}
          hint={known()?.isAddressNeeded ? undefined : 'Empty: the provider’s own.'}
          problem={props.problem('base_url')}
        />
        <TextField
          label="API key"
          name="apiKey"
          type="password"
          autocomplete="new-password"
          placeholder={props.of?.hasApiKey ? '•••••••• kept' : ''}
          hint={
            props.of?.hasApiKey
              ? 'Kept: leave it empty to keep it.'
              : 'Kept sealed. Nobody sees it again, administrators included.'
          }
          problem={props.problem('api_key')}
        />
        <Show when={props.of?.hasApiKey}>
          <label class="check">
            <input type="checkbox" name="forgetKey" />
            Forget the key
          </label>
        </Show>
      </Show>
      <For each={OWN_FIELDS[props.kind]}>
        {({ name, label, hint }) => (
          <TextField
            label={label}
            name={`config.${name}`}
            value={String(props.of?.config[name] ?? '')}
            hint={hint}
            inputmode={name === 'maxTokens' ? 'numeric' : 'text'}
            autocomplete="off"
            problem={undefined}
          />
        )}
      </For>
      {props.children}
      <div class="field">
        <label for={id}>Models</label>
        <textarea
          id={id}
          ref={props.onModels}
          name="models"
          rows={4}
          spellcheck={false}
          placeholder={'llama-3\ngpt-4o = gpt-4o-2026-01-01'}
          aria-invalid={props.problem('models') !== undefined}
          aria-describedby={`${id}-hint ${id}-problem`}
        >
          {modelLines(props.of?.models ?? [])}
        </textarea>
        <p id={`${id}-hint`} class="note">
          One a line, as clients ask for it; after “ = ” what this backend calls it, where that differs.
        </p>
        <p id={`${id}-problem`} class="field-problem" role="alert">
          {props.problem('models')}
        </p>
      </div>
      <div class="field-row">
        <NumberField
          label="Priority"
          name="priority"
          value={props.of?.priority ?? 0}
          hint="The lowest is asked first."
          problem={props.problem('priority')}
        />
        <NumberField
          label="Weight"
          name="weight"
          value={props.of?.weight ?? 1}
          hint="Its part of the calls among equals."
          problem={props.problem('weight')}
        />
        <NumberField
          label="Calls at the same time"
          name="maxConcurrency"
          value={props.of?.maxConcurrency ?? ''}
          hint="Empty: no limit."
          problem={props.problem('max_concurrency')}
        />
      </div>
      <details class="backend-more">
        <summary>Time limit, retries, headers</summary>
        <div class="field-row">
          <NumberField
            label="Time limit in ms"
            name="timeoutMs"
            value={props.of?.timeoutMs ?? 60_000}
            hint="Until an answer’s first byte."
            problem={props.problem('timeout_ms')}
          />
          <NumberField
            label="Retries"
            name="retries"
            value={props.of?.retries ?? 1}
            hint="Here, before the next backend."
            problem={props.problem('retries')}
          />
          <TextField
            label="Provider"
            name="provider"
            value={props.of?.config.provider ?? ''}
            maxlength={60}
            hint="As bills call it. Empty: by the address."
          />
        </div>
        <div class="field">
          <label for={`${id}-headers`}>Headers</label>
          <textarea id={`${id}-headers`} name="headers" rows={2} spellcheck={false} placeholder="x-team: research">
            {headerLines(props.of?.config ?? {})}
          </textarea>
          <p class="note">One a line. No secrets: everybody who sees backends reads them.</p>
        </div>
      </details>
      <label class="check">
        <input type="checkbox" name="enabled" checked={props.of?.enabled ?? true} />
        Calls may go there
      </label>
    </>
  )
}

function NumberField(props: {
  label: string
  name: string
  value: number | string
  hint: string
  problem: string | undefined
}) {
  return (
    <TextField
      label={props.label}
      name={props.name}
      type="number"
      step="1"
      value={String(props.value)}
      hint={props.hint}
      problem={props.problem}
    />
  )
}
