import { useNavigate } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import { For } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { formatCountOf } from '../../format/count.ts'
import { createForm } from '../../forms/create-form.ts'
import type { ImportView } from './history-table.tsx'

const TOLD = ['currency', 'provider', 'time_zone']
const ZONES = 'time-zones'

/** Reads quarantined rows again, with other words beside the file if need be, and goes to what came of it. */
export function RetryDialog(props: { of: ImportView; rows: number; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { importId } = props.of
  const form = createForm({
    fields: TOLD,
    read: (fields) => {
      const text = (name: string) => String(fields.get(name) ?? '').trim()
      return {
        importId,
        currency: text('currency').toUpperCase(),
        provider: text('provider'),
        timeZone: text('timeZone'),
      }
    },
    send: (asked) => api.imports.retry.mutate(asked),
    onDone: (next) => {
      void client.invalidateQueries()
      props.onClose()
      navigate(`/imports/${next.importId}`)
    },
  })
  return (
    <FormDialog
      title="Read these rows again"
      submit={`Read ${formatCountOf(props.rows, 'row')} again`}
      form={form}
      onClose={props.onClose}
    >
      <p class="note">
        Just {props.rows === 1 ? 'the row that is' : `the ${formatCountOf(props.rows, 'row')} that are`} still in
        quarantine, as an import of {props.rows === 1 ? 'its' : 'their'} own: with the rates and rules of today, and
        with what you say here. What is good is added to what this file brought; what is not stands in the new import’s
        quarantine.
      </p>
      <TextField
        name="currency"
        label="Currency"
        hint="Of rows that name none, such as USD"
        value={props.of.currency}
        maxlength={3}
        autocomplete="off"
        problem={form.problem('currency')}
      />
      <TextField
        name="provider"
        label="Provider"
        hint="Whose bill pays, where rows do not say"
        value={props.of.provider}
        maxlength={100}
        autocomplete="off"
        problem={form.problem('provider')}
      />
      <TextField
        name="timeZone"
        label="Time zone"
        hint="Of times that have none; empty is UTC"
        value={props.of.timeZone}
        maxlength={60}
        list={ZONES}
        autocomplete="off"
        problem={form.problem('time_zone')}
      />
      <datalist id={ZONES}>
        <For each={Intl.supportedValuesOf('timeZone')}>{(zone) => <option value={zone} />}</For>
      </datalist>
    </FormDialog>
  )
}
