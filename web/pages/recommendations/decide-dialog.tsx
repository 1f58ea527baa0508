import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import type { Advice } from '../recommendations.page.tsx'
import { STATUS_WORDS, type Status } from './words.ts'

/** Says what becomes of advice, and why. */
export function DecideDialog(props: {
  of: Advice
  version: string | undefined
  status: Status
  words: string
  onReload: () => void
  onDone: () => void
  onClose: () => void
}) {
  const { status, version } = props
  const { key, title } = props.of
  const form = createForm({
    fields: ['note'],
    read: (fields) => ({ key, status, note: String(fields.get('note') ?? '').trim(), ...(version ? { version } : {}) }),
    send: (asked) => api.recommendations.decide.mutate(asked),
    onDone: () => {
      props.onDone()
      props.onClose()
      sayResult(`${title}: ${STATUS_WORDS[status][0].toLowerCase()}.`)
    },
  })
  return (
    <FormDialog
      title={`${props.words}: ${title}`}
      submit={props.words}
      form={form}
      onReload={() => {
        props.onReload()
        props.onClose()
      }}
      onClose={props.onClose}
    >
      <TextField
        label={status === 'dismissed' ? 'Why' : 'Note (optional)'}
        name="note"
        maxlength={500}
        autocomplete="off"
        hint={status === 'dismissed' ? 'It stays away until it would save twice as much.' : undefined}
        problem={form.problem('note')}
      />
    </FormDialog>
  )
}
