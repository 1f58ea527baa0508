import { useNavigate } from '@solidjs/router'
import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { For } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { fieldProblem } from '../../field-problem.ts'
import { formatCountOf } from '../../format/count.ts'
import type { ImportView } from './history-table.tsx'

const FIELDS = ['currency', 'provider', 'timeZone'] as const
const ZONES = 'time-zones'

/** Reads quarantined rows again, with other words beside the file if need be, and goes to what came of it. */
export function RetryDialog(props: { of: ImportView; rows: number; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { importId } = props.of
  const retry = useMutation(() => ({
    mutationFn: (form: FormData) => {
      const [currency, provider, timeZone] = FIELDS.map((name) => String(form.get(name) ?? '').trim()) as [
        string,
        string,
        string,
      ]
      return api.imports.retry.mutate({ importId, currency: currency.toUpperCase(), provider, timeZone })
    },
    onSuccess: (next) => {
      void client.invalidateQueries()
      props.onClose()
      navigate(`/imports/${next.importId}`)
    },
  }))
  const problem = (field: string) => fieldProblem(retry.error, field)
  return (
    <FormDialog
      title="Read these rows again"
      submit={`Read ${formatCountOf(props.rows, 'row')} again`}
      isBusy={retry.isPending}
      error={retry.error}
      toldAt={FIELDS}
      onSubmit={(form) => retry.mutate(form)}
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
        problem={problem('currency')}
      />
      <TextField
        name="provider"
        label="Provider"
        hint="Whose bill pays, where rows do not say"
        value={props.of.provider}
        maxlength={100}
        autocomplete="off"
        problem={problem('provider')}
      />
      <TextField
        name="timeZone"
        label="Time zone"
        hint="Of times that have none; empty is UTC"
        value={props.of.timeZone}
        maxlength={60}
        list={ZONES}
        autocomplete="off"
        problem={problem('timeZone')}
      />
      <datalist id={ZONES}>
        <For each={Intl.supportedValuesOf('timeZone')}>{(zone) => <option value={zone} />}</For>
      </datalist>
    </FormDialog>
  )
}
