import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, Match, Show, Switch, untrack } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { fieldProblem, isToldAtFields } from '../../field-problem.ts'
import { createForm } from '../../forms/create-form.ts'
import { RunHistory } from './run-history.tsx'
import { SourceFields, toldFields } from './source-fields.tsx'
import { type Kind, readSourceForm, type Source } from './source-form.ts'

type Formats = Answers['imports']['formats']

/** Which dialog is open, and about which source: as it was when the dialog opened, so that another's change is noticed. */
export type Opened = { dialog: 'new' } | { dialog: 'edit' | 'runs' | 'remove'; source: Source }

/** What is shown of sources is asked again. */
export function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['sources'] })
}

/** Sets up, changes and removes sources, and shows their runs, one dialog at a time. */
export function SourceDialogs(props: {
  opened: Opened | null
  kinds: readonly Kind[]
  formats: Formats
  onOpen: (next: Opened | null) => void
}) {
  const close = () => props.onOpen(null)
  const about = (dialog: Opened['dialog']) => {
    const { opened } = props
    return opened && opened.dialog === dialog && 'source' in opened ? opened.source : undefined
  }
  const again = ({ id }: Source) =>
    api.sources.get.query({ id }).then((source) => props.onOpen({ dialog: 'edit', source }), close)
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <EditSource kinds={props.kinds} formats={props.formats} onClose={close} />
      </Match>
      <Match when={about('edit')} keyed>
        {(source) => (
          <EditSource
            of={source}
            kinds={props.kinds}
            formats={props.formats}
            onReload={() => again(source)}
            onClose={close}
          />
        )}
      </Match>
      <Match when={about('runs')}>{(source) => <RunHistory of={source()} onClose={close} />}</Match>
      <Match when={about('remove')}>{(source) => <RemoveSource of={source()} onClose={close} />}</Match>
    </Switch>
  )
}

/** A new source (its kind is chosen first), or one that is changed (its kind stays). */
function EditSource(props: {
  of?: Source
  kinds: readonly Kind[]
  formats: Formats
  onReload?: () => void
  onClose: () => void
}) {
  // As they were when the dialog opened: asked again, they would build the form anew and take away what was typed.
  const kinds = untrack(() => props.kinds.map((one) => ({ ...one })))
  const formats = untrack(() => props.formats.map((one) => ({ ...one })))
  const settle = useSettled()
  const [chosen, choose] = createSignal(props.of?.kind ?? kinds[0]?.kind)
  const kind = () => kinds.find((one) => one.kind === chosen())
  const input = (fields: FormData) => {
    const known = kind()
    if (!known) throw new Error('no kind')
    return readSourceForm(fields, known)
  }
  const form = createForm({
    get fields() {
      return toldFields(kind())
    },
    schema: () =>
      import('../../../worker/sources/source-input.ts').then(({ NewSource, SourceChanges }) =>
        props.of ? SourceChanges : NewSource,
      ),
    read: input,
    send: async ({ kind: asKind, ...changes }) => {
      attempt.reset()
      if (!props.of) return api.sources.create.mutate({ kind: asKind, ...changes })
      return api.sources.update.mutate({ id: props.of.id, version: props.of.version, ...changes })
    },
    onDone: props.onClose,
    onSettled: settle,
  })
  const attempt = useMutation(() => ({
    mutationFn: (form: FormData) => {
      const { name, isEnabled, ...tried } = input(form)
      return api.sources.test.mutate({ ...tried, ...(props.of ? { id: props.of.id } : {}) })
    },
  }))
  const problem = (name: string) => form.problem(name) ?? fieldProblem(attempt.error, name)
  const untold = () => (isToldAtFields(attempt.error, toldFields(kind())) ? null : attempt.error)
  const tryIt = (fields: HTMLFormElement | null) => {
    form.reset()
    if (fields?.reportValidity()) attempt.mutate(new FormData(fields))
  }
  return (
    <FormDialog
      title={props.of ? `Edit ${props.of.name}` : 'New source'}
      submit={props.of ? 'Save' : 'Set it up'}
      form={form}
      error={untold()}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <Show when={!props.of}>
        <label>
          Kind
          <select name="kind" onChange={(event) => choose(event.currentTarget.value as Kind['kind'])}>
            <For each={kinds}>{(one) => <option value={one.kind}>{one.label}</option>}</For>
          </select>
        </label>
      </Show>
      <Show when={kind()} keyed>
        {(known) => (
          <SourceFields kind={known} {...(props.of ? { of: props.of } : {})} formats={formats} problem={problem} />
        )}
      </Show>
      <div class="source-test">
        <button
          type="button"
          class="button"
          disabled={attempt.isPending}
          onClick={(event) => tryIt(event.currentTarget.form)}
        >
          {attempt.isPending ? 'Trying…' : 'Test it'}
        </button>
        <div role="status">
          <Show when={!attempt.isPending && !attempt.error && attempt.data}>
            {(found) => (
              <>
                <p>
                  <span class={`badge ${found().isFine ? 'is-good' : 'is-warning'}`}>
                    {found().isFine ? 'Works' : 'Does not work'}
                  </span>{' '}
                  {found().message}
                </p>
                <Show when={found().files.length > 1}>
                  <p class="note">
                    {found().fileCount === 20 ? '20 files or more' : `${found().fileCount} files`}, {found().files[0]}{' '}
                    first.
                  </p>
                </Show>
              </>
            )}
          </Show>
        </div>
      </div>
    </FormDialog>
  )
}

function RemoveSource(props: { of: Source; onClose: () => void }) {
  const settle = useSettled()
  const remove = useMutation(() => ({
    mutationFn: () => api.sources.remove.mutate({ id: props.of.id }),
    onSuccess: () => sayResult(`The source ${props.of.name} is removed.`),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove ${props.of.name}?`}
      confirm="Remove source"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>It is not pulled any more, and its secrets and the history of its runs go. What it has brought stays.</p>
    </ConfirmDialog>
  )
}
