import { useMutation } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { fieldProblem, isToldAtFields } from '../../field-problem.ts'
import { createForm } from '../../forms/create-form.ts'
import { useSettled } from './backend-dialogs.tsx'
import { BackendFields } from './backend-fields.tsx'
import { type Backend, KINDS, type Kind, readBackendForm, TOLD_FIELDS } from './backend-form.ts'

/** A new backend (its kind is chosen first), or one that is changed (its kind stays). */
export function EditBackend(props: { of?: Backend; onReload?: () => void; onClose: () => void }) {
  const settle = useSettled()
  const [kind, choose] = createSignal<Kind>(props.of?.kind ?? 'openai-compatible')
  let models: HTMLTextAreaElement | undefined
  const form = createForm({
    fields: TOLD_FIELDS,
    schema: () =>
      import('../../../worker/backends/backend-input.ts').then(({ BackendChanges, NewBackend }) =>
        props.of ? BackendChanges : NewBackend,
      ),
    read: (fields) => {
      const { isKeyForgotten, ...input } = readBackendForm(fields, kind(), props.of)
      return { ...input, apiKey: isKeyForgotten && input.apiKey === '' ? null : input.apiKey }
    },
    send: async ({ apiKey, kind: asKind, ...input }) => {
      attempt.reset()
      if (!props.of) return api.backends.create.mutate({ ...input, kind: asKind, apiKey: apiKey ?? '' })
      return api.backends.update.mutate({ id: props.of.id, version: props.of.version, ...input, apiKey })
    },
    codes: { 'backends.key_again': 'api_key', 'backends.name_taken': 'name' },
    onDone: props.onClose,
    onSettled: settle,
  })
  const attempt = useMutation(() => ({
    mutationFn: (fields: FormData) => {
      const { baseUrl, apiKey, config } = readBackendForm(fields, kind(), props.of)
      return api.backends.test.mutate({
        kind: kind(),
        baseUrl,
        apiKey,
        config,
        ...(props.of ? { id: props.of.id } : {}),
      })
    },
  }))
  const problem = (name: string) => form.problem(name) ?? fieldProblem(attempt.error, name)
  const untold = () => (isToldAtFields(attempt.error, TOLD_FIELDS) ? null : attempt.error)
  const tryIt = (fields: HTMLFormElement | null) => {
    form.reset()
    if (fields) attempt.mutate(new FormData(fields))
  }
  const offer = (model: string) => {
    if (!models) return
    const lines = models.value.trimEnd()
    models.value = lines === '' ? model : `${lines}\n${model}`
    models.dispatchEvent(new Event('input', { bubbles: true }))
  }
  return (
    <FormDialog
      title={props.of ? `Edit ${props.of.name}` : 'New backend'}
      submit={props.of ? 'Save' : 'Declare it'}
      form={form}
      error={untold()}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <Show when={!props.of}>
        <label>
          Kind
          <select name="kind" onChange={(event) => choose(event.currentTarget.value as Kind)}>
            <For each={KINDS}>{(one) => <option value={one.kind}>{one.label}</option>}</For>
          </select>
        </label>
        <Show when={problem('kind')}>
          <p class="field-problem" role="alert">
            {problem('kind')}
          </p>
        </Show>
      </Show>
      <BackendFields
        kind={kind()}
        {...(props.of ? { of: props.of } : {})}
        problem={problem}
        onModels={(field) => {
          models = field
        }}
      >
        <div class="backend-try">
          <button
            type="button"
            class="button"
            disabled={attempt.isPending}
            onClick={(event) => tryIt(event.currentTarget.form)}
          >
            {attempt.isPending ? 'Trying…' : 'Try it'}
          </button>
          <div role="status">
            <Show when={!attempt.isPending && !attempt.error && attempt.data}>
              {(found) => (
                <p>
                  <span class={`badge ${found().isFine ? 'is-good' : 'is-warning'}`}>
                    {found().isFine ? 'Works' : 'Does not work'}
                  </span>{' '}
                  {found().message}
                  <Show when={!found().isFine}>
                    <span class="note"> Declared as it is, it is asked and fails until this is mended.</span>
                  </Show>
                </p>
              )}
            </Show>
          </div>
        </div>
        <Show when={attempt.data?.models.length}>
          <section class="backend-offer" aria-label="Models that it has" tabindex="0">
            <For each={attempt.data?.models}>
              {(model) => (
                <button type="button" class="button is-quiet" aria-label={`Add ${model}`} onClick={() => offer(model)}>
                  + {model}
                </button>
              )}
            </For>
          </section>
        </Show>
      </BackendFields>
    </FormDialog>
  )
}
