import { useMutation, useQuery } from '@tanstack/solid-query'
import { For, Match, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { useSettled } from '../../components/entry-dialogs.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import type { Deployment } from './deployment-table.tsx'

export type Opened = { dialog: 'new' } | { dialog: 'end' | 'remove'; deployment: Deployment }

/** The dialogs about deployments. */
export function DeploymentDialogs(props: { opened: Opened; onOpen: (opened: Opened) => void; onClose: () => void }) {
  const about = (dialog: 'end' | 'remove') =>
    props.opened.dialog === dialog && 'deployment' in props.opened ? props.opened.deployment : undefined
  return (
    <Switch>
      <Match when={props.opened.dialog === 'new'}>
        <NewDialog onClose={props.onClose} />
      </Match>
      <Match when={about('end')} keyed>
        {(of) => <EndDialog of={of} onClose={props.onClose} />}
      </Match>
      <Match when={about('remove')} keyed>
        {(of) => <RemoveDialog of={of} onClose={props.onClose} />}
      </Match>
    </Switch>
  )
}

const FIELDS = ['model', 'provider', 'gpu_type', 'gpu_count', 'starts_at', 'ends_at']

/** Of a field of date and time, which are meant in UTC. */
function instantOf(text: string): string | null {
  return text === '' ? null : `${text.length === 16 ? `${text}:00` : text}Z`
}

function NewDialog(props: { onClose: () => void }) {
  const settle = useSettled()
  const form = createForm({
    fields: FIELDS,
    codes: { 'deployments.end_before_start': 'ends_at', 'deployments.too_long': 'starts_at' },
    schema: () => import('../../../worker/deployments/deployment-input.ts').then(({ NewDeployment }) => NewDeployment),
    read: (fields) => {
      const text = (name: string) => String(fields.get(name) ?? '').trim()
      return {
        ...{ model: text('model'), provider: text('provider'), gpuType: text('gpu_type') },
        ...{
          gpuCount: Number(text('gpu_count')),
          startsAt: instantOf(text('from')) ?? '',
          endsAt: instantOf(text('to')),
        },
      }
    },
    send: (deployment) => api.deployments.create.mutate(deployment),
    onDone: props.onClose,
    onSettled: settle,
  })
  const { problem } = form
  /** Midnight, UTC. */
  const today = () => `${new Date().toISOString().slice(0, 10)}T00:00`
  const routes = useQuery(() => ({
    queryKey: ['backends', 'routes'],
    queryFn: () => api.backends.routes.query({ limit: 100 }),
  }))
  const models = () => (routes.isPending || routes.isError ? [] : routes.data.routes.map(({ model }) => model))
  return (
    <FormDialog title="New deployment" submit="Save the deployment" form={form} onClose={props.onClose}>
      <TextField
        label="Model"
        list="deployment-models"
        name="model"
        required
        autocomplete="off"
        maxlength={200}
        hint="As clients ask the gateway for it."
        problem={problem('model')}
      />
      <datalist id="deployment-models">
        <For each={models()}>{(model) => <option value={model} />}</For>
      </datalist>
      <div class="field-row">
        <TextField label="Provider" name="provider" required placeholder="e.g. aws" problem={problem('provider')} />
        <TextField label="GPU type" name="gpu_type" required placeholder="e.g. h100" problem={problem('gpu_type')} />
        <TextField
          label="GPUs"
          name="gpu_count"
          type="number"
          min="1"
          required
          value="1"
          problem={problem('gpu_count')}
        />
      </div>
      <div class="field-row">
        <TextField
          label="From (UTC)"
          name="from"
          type="datetime-local"
          required
          value={today()}
          problem={problem('starts_at')}
        />
        <TextField label="To (UTC)" name="to" type="datetime-local" problem={problem('ends_at')} />
      </div>
      <p class="note">It takes its part of the pool’s cost from its start on. Without an end it serves until ended.</p>
    </FormDialog>
  )
}

function EndDialog(props: { of: Deployment; onClose: () => void }) {
  const settle = useSettled()
  const { id, version, model } = props.of
  const end = useMutation(() => ({
    mutationFn: () => api.deployments.update.mutate({ id, version, endsAt: new Date().toISOString() }),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`End ${model} now?`}
      confirm="End it"
      isBusy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutateAsync()}
      onClose={props.onClose}
    >
      <p>It holds no GPUs from now on. What it has cost until now stays.</p>
    </ConfirmDialog>
  )
}

function RemoveDialog(props: { of: Deployment; onClose: () => void }) {
  const settle = useSettled()
  const { id, version, model } = props.of
  const remove = useMutation(() => ({
    mutationFn: () => api.deployments.remove.mutate({ id, version }),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove the deployment of ${model}?`}
      confirm="Remove it"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>As if it had never been: its cost goes to who else held the GPUs, or is unallocated. To stop it, end it.</p>
    </ConfirmDialog>
  )
}
