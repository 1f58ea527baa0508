import { useMutation } from '@tanstack/solid-query'
import { Match, Show, Switch } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { useSettled } from '../../components/entry-dialogs.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { TextField } from '../../components/text-field.tsx'
import { formatHours } from '../../format/count.ts'
import { changedTexts, textsIn } from '../../forms/changed-fields.ts'
import { createForm, type Form } from '../../forms/create-form.ts'
import { FromJobs } from './from-jobs.tsx'
import { nameOf } from './usage-table.tsx'

type UsageNow = Answers['usage']['get']

/** Which dialog is open, and about which row: as it was when the dialog opened, so that another's change is noticed. */
export type Opened = { dialog: 'new' | 'from-jobs' } | { dialog: 'edit' | 'remove'; usage: UsageNow }

const TOLD = { fields: ['date', 'provider', 'gpu_type', 'gpu_hours'], codes: { 'usage.usage_exists': 'date' } }
const NAMES = ['date', 'provider', 'gpuType', 'gpuHours'] as const

/** Makes, derives, changes and removes measurements, one dialog at a time. */
export function UsageDialogs(props: {
  opened: Opened | null
  onReload: (dialog: 'edit' | 'remove', id: UsageNow['id']) => void
  onRemoved: () => void
  onClose: () => void
}) {
  const about = (dialog: Opened['dialog']) => {
    const { opened } = props
    return opened && opened.dialog === dialog && 'usage' in opened ? opened.usage : undefined
  }
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <NewUsage onClose={props.onClose} />
      </Match>
      <Match when={props.opened?.dialog === 'from-jobs'}>
        <FromJobs onClose={props.onClose} />
      </Match>
      <Match when={about('edit')} keyed>
        {(usage) => <EditUsage of={usage} onReload={() => props.onReload('edit', usage.id)} onClose={props.onClose} />}
      </Match>
      <Match when={about('remove')} keyed>
        {(usage) => (
          <RemoveUsage
            of={usage}
            onReload={() => props.onReload('remove', usage.id)}
            onRemoved={props.onRemoved}
            onClose={props.onClose}
          />
        )}
      </Match>
    </Switch>
  )
}

function UsageFields(props: { of?: UsageNow; problem: Form['problem'] }) {
  const field = (name: (typeof NAMES)[number], problem: string = name) => ({
    ...{ name, value: props.of?.[name] ?? '', autocomplete: 'off', required: true },
    problem: props.problem(problem),
  })
  return (
    <>
      <div class="field-row">
        <TextField label="Day (UTC)" type="date" {...field('date')} />
        <TextField label="Provider" maxlength={100} placeholder="e.g. aws" {...field('provider')} />
        <TextField label="GPU type" maxlength={100} placeholder="e.g. h100" {...field('gpuType', 'gpu_type')} />
      </div>
      <TextField
        label="GPU-hours"
        inputmode="decimal"
        placeholder="e.g. 24.5"
        hint="GPUs times the hours that they worked, kept to the second."
        {...field('gpuHours', 'gpu_hours')}
      />
    </>
  )
}

function NewUsage(props: { onClose: () => void }) {
  const settle = useSettled()
  const form = createForm({
    ...TOLD,
    schema: () => import('../../../worker/usage/usage-input.ts').then(({ NewUsage }) => NewUsage),
    read: (fields) => {
      const { date, ...texts } = textsIn(fields, NAMES)
      return { ...texts, ...(date ? { date } : {}) }
    },
    send: (usage) => api.usage.create.mutate(usage),
    onDone: (made) => {
      settle()
      props.onClose()
      sayResult(`${nameOf(made)} is entered.`)
    },
  })
  return (
    <FormDialog title="New measurement" submit="Enter it" form={form} onClose={props.onClose}>
      <UsageFields problem={form.problem} />
    </FormDialog>
  )
}

function EditUsage(props: { of: UsageNow; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { of } = props
  const { id, version, date, provider, gpuType, gpuHours } = of
  const form = createForm({
    ...TOLD,
    schema: () => import('../../../worker/usage/usage-input.ts').then(({ UsageChange }) => UsageChange),
    read: (fields) => ({
      ...{ id, version },
      ...changedTexts(textsIn(fields, NAMES), { date, provider, gpuType, gpuHours }),
    }),
    send: (change) => api.usage.update.mutate(change),
    onDone: () => {
      props.onClose()
      sayResult('The measurement is saved.')
    },
    onSettled: settle,
  })
  return (
    <FormDialog
      title={`Edit ${nameOf(of)}`}
      submit="Save"
      form={form}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <UsageFields of={of} problem={form.problem} />
      <Show when={of.source === 'jobs'}>
        <p class="note">It is derived from jobs. What you save counts as measured.</p>
      </Show>
    </FormDialog>
  )
}

function RemoveUsage(props: { of: UsageNow; onReload: () => void; onRemoved: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version } = props.of
  const remove = useMutation(() => ({
    mutationFn: () => api.usage.remove.mutate({ id, version }),
    onSuccess: () => {
      props.onRemoved()
      sayResult(`${nameOf(props.of)} is removed.`)
    },
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove ${nameOf(props.of)}?`}
      confirm="Remove measurement"
      isBusy={remove.isPending}
      error={remove.error}
      onReload={props.onReload}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>
        {formatHours(props.of.gpuHours)} GPU-hours go, and how busy these GPUs were that day is not known any more. The
        file that brought them brings them back when it is sent again.
      </p>
    </ConfirmDialog>
  )
}
