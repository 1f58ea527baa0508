import { Match, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { createForm } from '../../forms/create-form.ts'
import { useTeams } from '../../teams.ts'
import type { User } from '../../user.ts'
import { KEY_FIELDS, KeyFields } from './key-fields.tsx'
import { lastDayOf, readKeyForm } from './key-form.ts'
import type { Key } from './key-table.tsx'
import { RevokeKey } from './revoke-key.tsx'
import { RotateKey } from './rotate-key.tsx'
import { useSettled } from './settled.ts'
import { ShownKey } from './shown-key.tsx'

/**
 * Which dialog is open, and about which key: as it was when the dialog opened, so that another's change is noticed.
 * `text` is the key itself, which nobody will see again.
 */
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
  const again = (dialog: 'edit' | 'rotate', { id }: Key) =>
    api.keys.get.query({ id }).then((key) => props.onOpen({ dialog, key }), close)
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <NewKey user={props.user} onOpen={props.onOpen} onClose={close} />
      </Match>
      <Match when={about('edit')} keyed>
        {(key) => <EditKey of={key} onReload={() => again('edit', key)} onClose={close} />}
      </Match>
      <Match when={about('rotate')} keyed>
        {(key) => <RotateKey of={key} onReload={() => again('rotate', key)} onOpen={props.onOpen} onClose={close} />}
      </Match>
      <Match when={about('revoke')}>{(key) => <RevokeKey of={key()} onClose={close} />}</Match>
      <Match when={shown()}>{(one) => <ShownKey of={one().key} text={one().text} onClose={close} />}</Match>
    </Switch>
  )
}

function NewKey(props: { user: User; onOpen: (next: Opened | null) => void; onClose: () => void }) {
  const settle = useSettled()
  const isAdmin = () => props.user.seesWholeCompany
  const { own: teams, error } = useTeams(isAdmin)
  const form = createForm({
    fields: KEY_FIELDS,
    schema: () => import('../../../worker/keys/key-input.ts').then(({ NewKey }) => NewKey),
    read: (fields) => readKeyForm(fields, ''),
    send: (asked) => api.keys.create.mutate(asked),
    onDone: ({ key: text, ...key }) => {
      props.onOpen({ dialog: 'shown', key, text })
      settle()
    },
  })
  return (
    <FormDialog title="New key" submit="Make the key" form={form} error={error()} onClose={props.onClose}>
      <KeyFields
        teams={isAdmin() ? (teams() ?? []) : props.user.teams}
        mayBeCompany={isAdmin()}
        problem={form.problem}
      />
    </FormDialog>
  )
}

function EditKey(props: { of: Key; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version, expiresAt } = props.of
  const form = createForm({
    fields: KEY_FIELDS,
    schema: () => import('../../../worker/keys/key-input.ts').then(({ KeyChanges }) => KeyChanges),
    read: (fields) => ({ id, version, ...readKeyForm(fields, lastDayOf(expiresAt)) }),
    send: (changes) => api.keys.update.mutate(changes),
    onDone: props.onClose,
    onSettled: settle,
  })
  return (
    <FormDialog
      title={`Edit ${props.of.name}`}
      submit="Save"
      form={form}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <KeyFields of={props.of} mayBeCompany={false} problem={form.problem} />
    </FormDialog>
  )
}
