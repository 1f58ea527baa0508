import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { type Answers, api, type Questions } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import { useTeams } from '../../teams.ts'
import { useUser } from '../../user.ts'

export type Subscription = Answers['digests']['get']
type Input = Questions['digests']['create']

/** Which dialog is open, and about which subscription: as it was when the dialog opened. */
export type Opened = { dialog: 'new' } | { dialog: 'edit' | 'remove'; digest: Subscription }

const MOST_CHANNELS = 100

function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['digests', 'list'] })
}

/** Makes, changes and removes subscriptions, one dialog at a time. */
export function SubscriptionDialogs(props: { opened: Opened | null; onOpen: (next: Opened | null) => void }) {
  const close = () => props.onOpen(null)
  const about = (dialog: 'edit' | 'remove') => {
    const { opened } = props
    return opened?.dialog === dialog && 'digest' in opened ? opened.digest : undefined
  }
  const again = ({ id }: Subscription) =>
    api.digests.get.query({ id }).then((digest) => props.onOpen({ dialog: 'edit', digest }), close)
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <EditSubscription onClose={close} />
      </Match>
      <Match when={about('edit')} keyed>
        {(digest) => <EditSubscription of={digest} onReload={() => again(digest)} onClose={close} />}
      </Match>
      <Match when={about('remove')} keyed>
        {(digest) => <RemoveSubscription of={digest} onClose={close} />}
      </Match>
    </Switch>
  )
}

function readForm(form: FormData): Input {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  return {
    ...{ name: text('name'), period: text('period') === 'week' ? 'week' : 'day', teamId: text('teamId') || null },
    ...{ hourUtc: Number(text('hourUtc')), channelIds: form.getAll('channelIds').map(String) },
    isEnabled: form.has('isEnabled'),
  }
}

function EditSubscription(props: { of?: Subscription; onReload?: () => void; onClose: () => void }) {
  const user = useUser()
  const settle = useSettled()
  const { teams } = useTeams(() => !props.of)
  const seesAll = () => ['admin', 'finance'].includes(user()?.role ?? '')
  const [picked, pick] = createSignal<string | undefined>(props.of ? (props.of.teamId ?? '') : undefined)
  const team = () => picked() ?? (seesAll() ? '' : (teams()?.[0]?.id ?? ''))
  const channels = useQuery(() => ({
    queryKey: ['channels', 'list', 'for digests'],
    queryFn: () => api.channels.list.query({ skip: 0, limit: MOST_CHANNELS }),
  }))
  const kinds = useQuery(() => ({
    queryKey: ['channel-kinds'],
    queryFn: () => api.channels.kinds.query(),
    staleTime: 3_600_000,
  }))
  const takesDigests = (kind: string) =>
    (kinds.isPending ? [] : (kinds.data ?? [])).some((one) => one.kind === kind && one.takesDigests)
  /** Those that may be told: of the same team or the company, and of a kind that takes digests. */
  const offered = () =>
    (channels.isPending ? [] : (channels.data?.channels ?? [])).filter(
      ({ kind, teamId }) => takesDigests(kind) && (teamId === null || teamId === team()),
    )
  const form = createForm({
    fields: ['name', 'hour_utc', 'channel_ids'],
    schema: () =>
      import('../../../worker/digests/digest-input.ts').then(({ NewDigest, DigestChanges }) =>
        props.of ? DigestChanges : NewDigest,
      ),
    read: readForm,
    send: ({ period, teamId, ...changes }) =>
      props.of
        ? api.digests.update.mutate({ id: props.of.id, version: props.of.version, ...changes })
        : api.digests.create.mutate({ period, teamId, ...changes }),
    onDone: ({ name }) => {
      props.onClose()
      sayResult(`${name} is saved.`)
    },
    onSettled: settle,
  })
  return (
    <FormDialog
      title={props.of ? `Edit ${props.of.name}` : 'New digest'}
      submit={props.of ? 'Save' : 'Subscribe'}
      form={form}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <TextField
        label="Name"
        name="name"
        value={props.of?.name ?? ''}
        maxlength={100}
        required
        autocomplete="off"
        placeholder="e.g. Every morning"
        problem={form.problem('name')}
      />
      <div class="field-row">
        <Show when={!props.of}>
          <label>
            How often
            <select name="period">
              <option value="day">Every day</option>
              <option value="week">Every week, Monday to Sunday</option>
            </select>
          </label>
          <label>
            Whose
            <select name="teamId" onChange={(event) => pick(event.currentTarget.value)}>
              <Show when={seesAll()}>
                <option value="">The whole company</option>
              </Show>
              <For each={teams() ?? []}>{({ id, name }) => <option value={id}>{name}</option>}</For>
            </select>
          </label>
        </Show>
        <TextField
          label="From this hour on (UTC)"
          name="hourUtc"
          type="number"
          min={0}
          max={23}
          value={String(props.of?.hourUtc ?? 8)}
          hint="Of the day after."
          problem={form.problem('hour_utc')}
        />
      </div>
      <fieldset class="digest-channels">
        <legend>Channels</legend>
        <For each={offered()} fallback={<p class="note">There is no channel that this could go to.</p>}>
          {({ id, name }) => (
            <label class="check">
              <input
                type="checkbox"
                name="channelIds"
                value={id}
                checked={props.of?.channels.some((one) => one.id === id) ?? false}
              />
              {name}
            </label>
          )}
        </For>
        <p class="field-problem" role="alert">
          {form.problem('channel_ids')}
        </p>
      </fieldset>
      <label class="check">
        <input type="checkbox" name="isEnabled" checked={props.of?.isEnabled ?? true} />
        Send it
      </label>
    </FormDialog>
  )
}

function RemoveSubscription(props: { of: Subscription; onClose: () => void }) {
  const settle = useSettled()
  const remove = useMutation(() => ({
    mutationFn: () => api.digests.remove.mutate({ id: props.of.id }),
    onSuccess: () => sayResult(`${props.of.name} is removed.`),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove ${props.of.name}?`}
      confirm="Remove digest"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>It is not sent any more. What was sent stays where it is.</p>
    </ConfirmDialog>
  )
}
