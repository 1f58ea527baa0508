import { useMutation } from '@tanstack/solid-query'
import { type Answers, api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import { useSettled } from './settled.ts'

type RateNow = Answers['rates']['get']

const FIELDS = ['currency', 'effective_from', 'usd_per_unit', 'source']

/** Dates a rate, or changes one. */
export function RateDialog(props: { of?: RateNow; onReload?: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { of } = props
  const form = createForm({
    fields: FIELDS,
    codes: { 'rates.day_taken': 'effective_from' },
    schema: () =>
      import('../../../worker/rates/rate-input.ts').then(({ NewRate, RateChange }) => (of ? RateChange : NewRate)),
    read: (fields) => {
      const text = (name: string) => String(fields.get(name) ?? '').trim()
      return {
        ...(of ? { id: of.id, version: of.version } : {}),
        ...{ currency: text('currency'), effectiveFrom: text('from') },
        ...{ usdPerUnit: text('rate'), source: text('source') },
      }
    },
    send: (rate) =>
      of ? api.rates.update.mutate({ ...rate, id: of.id, version: of.version }) : api.rates.create.mutate(rate),
    onDone: props.onClose,
    onSettled: settle,
  })
  const { problem } = form
  return (
    <FormDialog
      title={props.of ? `Edit the rate of ${props.of.currency}` : 'New rate'}
      submit="Save the rate"
      form={form}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <div class="field-row">
        <TextField
          label="Currency"
          name="currency"
          required
          autocomplete="off"
          maxlength={30}
          placeholder="e.g. EUR"
          value={props.of?.currency ?? ''}
          problem={problem('currency')}
        />
        <TextField
          label="From (UTC day)"
          name="from"
          type="date"
          required
          value={props.of?.effectiveFrom ?? ''}
          problem={problem('effective_from')}
        />
        <TextField
          label="US dollars for one"
          name="rate"
          inputmode="decimal"
          required
          autocomplete="off"
          placeholder="e.g. 1.0824"
          value={props.of?.usdPerUnit ?? ''}
          problem={problem('usd_per_unit')}
        />
      </div>
      <TextField
        label="Who says so"
        name="source"
        maxlength={200}
        placeholder="e.g. ECB reference rate"
        value={props.of?.source ?? ''}
        problem={problem('source')}
      />
      <p class="note">
        Holds for bills that are read from now on, up to the day of the next rate. What is stored keeps the rate that it
        was stored with; rows that waited for a rate can be read again on their import’s page.
      </p>
    </FormDialog>
  )
}

/** Asks before a rate goes. */
export function RemoveRate(props: { of: RateNow; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version } = props.of
  const remove = useMutation(() => ({
    mutationFn: () => api.rates.remove.mutate({ id, version }),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove the rate of ${props.of.currency} from ${props.of.effectiveFrom}?`}
      confirm="Remove rate"
      isBusy={remove.isPending}
      error={remove.error}
      onReload={props.onReload}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>
        Bills that are read from now on take the rate before it; without one their rows wait in quarantine. What is
        stored stays as it is.
      </p>
    </ConfirmDialog>
  )
}
