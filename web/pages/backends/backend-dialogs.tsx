import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { Match, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { createForm } from '../../forms/create-form.ts'
import type { Backend, Route } from './backend-form.ts'
import { EditBackend } from './edit-backend.tsx'

/** Which dialog is open, and about what: as it was when the dialog opened, so that another's change is noticed. */
export type Opened =
  | { dialog: 'new' }
  | { dialog: 'edit' | 'remove'; backend: Backend }
  | { dialog: 'route'; route: Route }

/** What is shown of backends is asked again. */
export function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['backends'] })
}

/** Declares, changes and removes backends, and says how models are routed, one dialog at a time. */
export function BackendDialogs(props: { opened: Opened | null; onOpen: (next: Opened | null) => void }) {
  const close = () => props.onOpen(null)
  const about = (dialog: Opened['dialog']) => {
    const { opened } = props
    return opened && opened.dialog === dialog && 'backend' in opened ? opened.backend : undefined
  }
  const routed = () => (props.opened?.dialog === 'route' ? props.opened.route : undefined)
  const again = ({ id }: Backend) =>
    api.backends.get.query({ id }).then((backend) => props.onOpen({ dialog: 'edit', backend }), close)
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <EditBackend onClose={close} />
      </Match>
      <Match when={about('edit')} keyed>
        {(backend) => <EditBackend of={backend} onReload={() => again(backend)} onClose={close} />}
      </Match>
      <Match when={about('remove')}>{(backend) => <RemoveBackend of={backend()} onClose={close} />}</Match>
      <Match when={routed()}>{(route) => <ChangeRoute of={route()} onClose={close} />}</Match>
    </Switch>
  )
}

function ChangeRoute(props: { of: Route; onClose: () => void }) {
  const form = createForm({
    fields: ['strategy'],
    schema: () => import('../../../worker/backends/backend-input.ts').then(({ RouteChange }) => RouteChange),
    read: (fields) => ({
      model: props.of.model,
      strategy: fields.get('strategy') === 'least-latency' ? ('least-latency' as const) : ('weight' as const),
      isSessionAffine: fields.has('isSessionAffine'),
    }),
    send: (asked) => api.backends.setRoute.mutate(asked),
    onDone: props.onClose,
    onSettled: useSettled(),
  })
  return (
    <FormDialog title={`How ${props.of.model} is routed`} submit="Save" form={form} onClose={props.onClose}>
      <fieldset class="route-choice">
        <legend>Among backends of the same priority</legend>
        <label class="check">
          <input type="radio" name="strategy" value="weight" checked={props.of.strategy === 'weight'} />
          By weight
        </label>
        <label class="check">
          <input type="radio" name="strategy" value="least-latency" checked={props.of.strategy === 'least-latency'} />
          The quickest first
        </label>
      </fieldset>
      <label class="check">
        <input type="checkbox" name="isSessionAffine" checked={props.of.isSessionAffine} />
        Calls of one session stay with one backend while it is well
      </label>
      <p class="note">
        A session is what a client sends as <code>user</code> or in <code>x-heliox-session</code>; then the backend
        finds its prompt in its cache.
      </p>
    </FormDialog>
  )
}

function RemoveBackend(props: { of: Backend; onClose: () => void }) {
  const settle = useSettled()
  const remove = useMutation(() => ({
    mutationFn: () => api.backends.remove.mutate({ id: props.of.id }),
    onSuccess: () => sayResult(`The backend ${props.of.name} is removed.`),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove ${props.of.name}?`}
      confirm="Remove backend"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>No call goes there any more, and its key is forgotten. Calls that it answered stay as they are.</p>
    </ConfirmDialog>
  )
}
