import { useMutation, useQuery } from '@tanstack/solid-query'
import { Match, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { FormModal } from '../../components/form-modal.tsx'
import type { User } from '../../user.ts'
import { KeyFields } from './key-fields.tsx'
import { lastDayOf, readKeyForm } from './key-form.ts'
import type { Key } from './key-table.tsx'
import { RevokeKey } from './revoke-key.tsx'
import { RotateKey } from './rotate-key.tsx'
import { useSettled } from './settled.ts'
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

function NewKey(props: { user: User; onOpen: (next: Opened | null) => void; onClose: () => void }) {
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
