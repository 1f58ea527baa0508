import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, Match, Show, Switch, untrack } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { SecretDialog } from '../../components/secret-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import { useTeams } from '../../teams.ts'
import { KindField, SecretField } from '../sources/source-fields.tsx'
import { refusedAs } from '../sources/source-form.ts'
import { type Channel, type Kind, readChannelForm } from './channel-form.ts'

/** Which dialog is open, and about which channel: as it was when the dialog opened. */
export type Opened =
  | { dialog: 'new' }
  | { dialog: 'edit' | 'remove'; channel: Channel }
  | { dialog: 'key'; name: string; signingKey: string }

/** What is shown of channels and their messages is asked again. */
export function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['channels'] })
}

/** Sets up, changes and removes channels, one dialog at a time. */
export function ChannelDialogs(props: {
  opened: Opened | null
  kinds: readonly Kind[]
  onOpen: (next: Opened | null) => void
}) {
  const close = () => props.onOpen(null)
  const about = (dialog: 'edit' | 'remove') => {
    const { opened } = props
    return opened?.dialog === dialog && 'channel' in opened ? opened.channel : undefined
  }
  const key = () => (props.opened?.dialog === 'key' ? props.opened : undefined)
  const again = ({ id }: Channel) =>
    api.channels.get.query({ id }).then((channel) => props.onOpen({ dialog: 'edit', channel }), close)
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <EditChannel kinds={props.kinds} onOpen={props.onOpen} />
      </Match>
      <Match when={about('edit')} keyed>
        {(channel) => (
          <EditChannel of={channel} kinds={props.kinds} onReload={() => again(channel)} onOpen={props.onOpen} />
        )}
      </Match>
      <Match when={about('remove')} keyed>
        {(channel) => <RemoveChannel of={channel} onClose={close} />}
      </Match>
      <Match when={key()}>
        {(made) => (
          <SecretDialog
            title={`The signing key of ${made().name}`}
            label="Signing key"
            secret={made().signingKey}
            copy="Copy key"
            done="I have stored it"
            onClose={close}
          >
            <p>
              With it the receiver checks that a message is ours: <code>x-heliox-signature</code> is the HMAC-SHA-256 of{' '}
              <code>x-heliox-timestamp</code>, a dot and the body. It is not shown again.
            </p>
          </SecretDialog>
        )}
      </Match>
    </Switch>
  )
}

/** A new channel (its kind and team are chosen first), or one that is changed (they stay). */
function EditChannel(props: {
  of?: Channel
  kinds: readonly Kind[]
  onReload?: () => void
  onOpen: (next: Opened | null) => void
}) {
  // As they were when the dialog opened: asked again, they would build the form anew and take away what was typed.
  const kinds = untrack(() => props.kinds.map((one) => ({ ...one })))
  const settle = useSettled()
  const { teams } = useTeams(() => !props.of)
  const [chosen, choose] = createSignal(props.of?.kind ?? kinds[0]?.kind)
  const kind = () => kinds.find((one) => one.kind === chosen())
  const form = createForm({
    get fields() {
      return toldFields(kind())
    },
    schema: () =>
      import('../../../worker/channels/channel-input.ts').then(({ NewChannel, ChannelChanges }) =>
        props.of ? ChannelChanges : NewChannel,
      ),
    codes: { 'channels.name_taken': 'name' },
    read: (fields: FormData) => {
      const known = kind()
      if (!known) throw new Error('no kind')
      return readChannelForm(fields, known)
    },
    send: async ({ kind: asKind, teamId, ...changes }) => {
      if (!props.of) return api.channels.create.mutate({ kind: asKind, teamId, ...changes })
      return api.channels.update.mutate({ id: props.of.id, version: props.of.version, ...changes })
    },
    onDone: ({ name, signingKey }) => props.onOpen(signingKey === null ? null : { dialog: 'key', name, signingKey }),
    onSettled: settle,
  })
  return (
    <FormDialog
      title={props.of ? `Edit ${props.of.name}` : 'New channel'}
      submit={props.of ? 'Save' : 'Set it up'}
      form={form}
      onReload={props.onReload}
      onClose={() => props.onOpen(null)}
    >
      <Show when={!props.of}>
        <div class="field-row">
          <label>
            Kind
            <select name="kind" onChange={(event) => choose(event.currentTarget.value as Kind['kind'])}>
              <For each={kinds}>{(one) => <option value={one.kind}>{one.label}</option>}</For>
            </select>
          </label>
          <label>
            Whose
            <select name="teamId">
              <option value="">The whole company</option>
              <For each={teams() ?? []}>{({ id, name }) => <option value={id}>{name}</option>}</For>
            </select>
          </label>
        </div>
      </Show>
      <TextField
        label="Name"
        name="name"
        value={props.of?.name ?? ''}
        maxlength={100}
        required
        autocomplete="off"
        placeholder="e.g. #gpu-costs"
        problem={form.problem('name')}
      />
      <Show when={kind()} keyed>
        {(known) => (
          <>
            <p class="note">{known.describes}</p>
            <div class="field-row">
              <For each={known.config}>
                {(field) => (
                  <KindField
                    field={field}
                    name={`config.${field.name}`}
                    value={props.of?.config[field.name] ?? field.default ?? ''}
                    problem={form.problem(refusedAs('config', field.name))}
                  />
                )}
              </For>
            </div>
            <For each={known.secrets}>
              {(field) => (
                <SecretField
                  field={field}
                  isKept={props.of?.keptSecrets.includes(field.name) ?? false}
                  problem={form.problem(refusedAs('secrets', field.name))}
                />
              )}
            </For>
            <p class="note">Addresses and keys are kept sealed. Nobody sees them again, administrators included.</p>
          </>
        )}
      </Show>
      <label class="check">
        <input type="checkbox" name="isEnabled" checked={props.of?.isEnabled ?? true} />
        Send messages there
      </label>
    </FormDialog>
  )
}

function toldFields(kind: Kind | undefined): string[] {
  const own = (kind?.config ?? []).map(({ name }) => refusedAs('config', name))
  const secret = (kind?.secrets ?? []).map(({ name }) => refusedAs('secrets', name))
  return ['name', ...own, ...secret]
}

function RemoveChannel(props: { of: Channel; onClose: () => void }) {
  const settle = useSettled()
  const remove = useMutation(() => ({
    mutationFn: () => api.channels.remove.mutate({ id: props.of.id }),
    onSuccess: () => sayResult(`The channel ${props.of.name} is removed.`),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove ${props.of.name}?`}
      confirm="Remove channel"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>Nothing is sent there any more. Its messages go, and rules and digests lose it.</p>
    </ConfirmDialog>
  )
}
