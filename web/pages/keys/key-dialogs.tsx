import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { createEffect, Match, on, Show, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import type { User } from '../../shell/user-menu.tsx'
import { KeyFields } from './key-fields.tsx'
import { lastDayOf, readKeyForm } from './key-form.ts'
import type { Key } from './key-table.tsx'
import { ShownKey } from './shown-key.tsx'
import { allTeams } from './team-choice.ts'

/** Which dialog is open, and about which key. `text` is the key itself, which nobody will see again. */
export type Opened =
  | { dialog: 'new' }
  | { dialog: 'edit' | 'rotate' | 'revoke'; key: Key }
  | { dialog: 'shown'; key: Key; text: string }

/** Makes, shows, changes, rotates and revokes keys, one dialog at a time. */
export function KeyDialogs(props: { opened: Opened | null; user: User; onOpen: (next: Opened | null) => void }) {
  const close = () => props.onOpen(null)
  const about = (dialog: Opened['dialog']) => {
    const { opened } = props
    return opened && opened.dialog === dialog && 'key' in opened ? opened.key : undefined
  }
  const shown = () => (props.opened?.dialog === 'shown' ? props.opened : undefined)
  return (
    <>
      <Switch>
        <Match when={props.opened?.dialog === 'new'}>
          <NewKey user={props.user} onOpen={props.onOpen} onClose={close} />
        </Match>
        <Match when={about('edit')}>{(key) => <EditKey of={key()} onClose={close} />}</Match>
        <Match when={about('rotate')}>{(key) => <RotateKey of={key()} onOpen={props.onOpen} onClose={close} />}</Match>
        <Match when={shown()}>{(one) => <ShownKey of={one().key} text={one().text} onClose={close} />}</Match>
      </Switch>
      <RevokeKey of={about('revoke')} onClose={close} />
    </>
  )
}

type DialogProps = { onOpen: (next: Opened | null) => void; onClose: () => void }

function NewKey(props: DialogProps & { user: User }) {
  const settle = useSettled()
  const isAdmin = () => props.user.seesWholeCompany
  const teams = useQuery(() => ({ queryKey: ['teams', 'all'], queryFn: allTeams, enabled: isAdmin() }))
  const create = useMutation(() => ({
    mutationFn: (form: FormData) => api.keys.create.mutate(readKeyForm(form, '')),
    onSuccess: ({ key: text, ...key }) => {
      props.onOpen({ dialog: 'shown', key, text })
      settle()
    },
  }))
  return (
    <FormModal
      title="New key"
      submit="Make the key"
      isBusy={create.isPending}
      error={create.error ?? (isAdmin() ? teams.error : null)}
      onSubmit={(form) => create.mutate(form)}
      onClose={props.onClose}
    >
      <KeyFields
        teams={isAdmin() ? (teams.isPending ? [] : (teams.data ?? [])) : props.user.teams}
        mayBeCompany={isAdmin()}
      />
    </FormModal>
  )
}

function EditKey(props: { of: Key; onClose: () => void }) {
  const settle = useSettled()
  const { id, version, expiresAt } = props.of // as it was when the dialog opened: another's change must be noticed
  const update = useMutation(() => ({
    mutationFn: (form: FormData) => api.keys.update.mutate({ id, version, ...readKeyForm(form, lastDayOf(expiresAt)) }),
    onSuccess: props.onClose,
    onSettled: settle,
  }))
  return (
    <FormModal
      title={`Edit ${props.of.name}`}
      submit="Save"
      isBusy={update.isPending}
      error={update.error}
      onSubmit={(form) => update.mutate(form)}
      onClose={props.onClose}
    >
      <KeyFields of={props.of} mayBeCompany={false} />
    </FormModal>
  )
}

const HOUR = 3600

function RotateKey(props: DialogProps & { of: Key }) {
  const settle = useSettled()
  const { id, version } = props.of
  const rotate = useMutation(() => ({
    mutationFn: (form: FormData) => api.keys.rotate.mutate({ id, version, graceSeconds: Number(form.get('grace')) }),
    onSuccess: ({ key: text, ...key }) => {
      props.onOpen({ dialog: 'shown', key, text })
      settle()
    },
    onError: settle,
  }))
  return (
    <FormModal
      title={`Rotate ${props.of.name}`}
      submit="Rotate"
      isBusy={rotate.isPending}
      error={rotate.error}
      onSubmit={(form) => rotate.mutate(form)}
      onClose={props.onClose}
    >
      <p>You get a new key with the same scopes and limits, and time to put it in place of the present one.</p>
      <label>
        The present key works for another
        <select name="grace">
          <option value={0}>No time: it ends now</option>
          <option value={HOUR}>Hour</option>
          <option value={24 * HOUR} selected>
            24 hours
          </option>
          <option value={7 * 24 * HOUR}>7 days</option>
          <option value={30 * 24 * HOUR}>30 days</option>
        </select>
      </label>
      <Show when={props.of.previousExpiresAt}>
        <p class="note">What an earlier rotation left working ends now.</p>
      </Show>
    </FormModal>
  )
}

function RevokeKey(props: { of: Key | undefined; onClose: () => void }) {
  const settle = useSettled()
  const revoke = useMutation(() => ({
    mutationFn: (id: string) => api.keys.revoke.mutate({ id }),
    onSettled: settle,
  }))
  let show = () => {}
  createEffect(
    on(
      () => props.of,
      (key) => {
        if (!key) return
        revoke.reset()
        show()
      },
    ),
  )
  let about: Key | undefined
  const name = () => {
    about = props.of ?? about // the words stay while the dialog closes
    return about?.name ?? ''
  }
  return (
    <ConfirmDialog
      title={`Revoke ${name()}?`}
      confirm="Revoke key"
      isBusy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutateAsync(props.of?.id ?? '')}
      onClose={props.onClose}
      open={(open) => {
        show = open
      }}
    >
      <p>
        Its next call is refused, with old and new characters alike. This cannot be undone; the key stays in the list as
        revoked.
      </p>
    </ConfirmDialog>
  )
}

/** What is shown of keys is asked again. */
function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['keys.list'] })
}
